//! Weights in 8 bits: each row of a matrix as integers from -127 to 127 times a scale of its own.

/// The largest integer; -128 is not used, so that rows are symmetric.
const LARGEST: f32 = 127.0;
/// Bits of a scale's mantissa that are zero: integer times scale is then exact, and what was read is written as it was.
const ROUNDED: u32 = (1 << 12) - 1;

/// Name of the tensor `[rows]` with the scales of `tensor`.
pub(super) fn scale_name(tensor: &str) -> String {
    format!("{tensor}.scale")
}

/// Whether a tensor is written in 8 bits: vectors are not, whose numbers are few and would share one scale.
pub(super) fn is_matrix(shape: &[usize]) -> bool {
    shape.len() > 1 && !shape.contains(&0)
}

/// The scale of each row, along the first axis, and the integers nearest to `values / scale`.
///
/// # Shapes
/// - values: `[rows, ..]`, not empty
pub(super) fn quantise(values: &[f32], rows: usize) -> (Vec<f32>, Vec<i8>) {
    let length = values.len() / rows;
    let scales: Vec<f32> = values.chunks_exact(length).map(scale).collect();
    let integers = values.chunks_exact(length).zip(&scales).flat_map(|(row, &scale)| {
        row.iter().map(move |value| (value / scale).round() as i8) // of 0 / 0 it is 0
    });
    let integers = integers.collect();
    (scales, integers)
}

/// The values of [`quantise`].
pub(super) fn restore(integers: &[u8], scales: &[f32]) -> Vec<f32> {
    let length = (integers.len() / scales.len().max(1)).max(1);
    let rows = integers.chunks_exact(length).zip(scales);
    rows.flat_map(|(row, scale)| row.iter().map(move |&byte| f32::from(byte.cast_signed()) * scale)).collect()
}

fn scale(row: &[f32]) -> f32 {
    let largest = row.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
    f32::from_bits(((largest / LARGEST).to_bits() + ROUNDED) & !ROUNDED)
}
