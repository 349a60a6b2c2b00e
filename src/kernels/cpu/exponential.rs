//! Exponential and logarithm in a form that the compiler can vectorise, accurate to about two units in the last place.

/// Near the logarithm of the smallest normal number, -87.34.
const LEAST: f32 = -87.3;

/// `e^x`; infinite where that exceeds the range of `f32`, zero where it is below the smallest normal number.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let (value, whole) = factors(x.clamp(LEAST, 88.8));
    // Two powers, because 2^128 does not fit into one.
    let half = whole >> 1;
    let value = value * power(half) * power(whole - half);
    if x < LEAST { 0.0 } else { value }
}

/// `e^x` for `x` up to zero, in fewer operations; zero below -87.7.
#[inline(always)]
pub fn exp_of_negative(x: f32) -> f32 {
    // e^-88 rounds to a power of -127, whose bits are those of zero: an exact zero at no cost, where selecting one takes a tenth of a training step in wasm.
    let (value, whole) = factors(if x < -88.0 { -88.0 } else { x });
    value * power(whole)
}

/// `2^exponent`, from -126 to 127; zero for -127.
#[inline(always)]
fn power(exponent: i32) -> f32 {
    f32::from_bits((exponent.wrapping_add(127) as u32) << 23)
}

/// `(value, whole)` with `e^x = value 2^whole`.
#[inline(always)]
fn factors(x: f32) -> (f32, i32) {
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    // Adding 1.5 * 2^23 rounds to an integer. Floats near it are one apart, so that the difference of the bits is that integer.
    const ROUND: f32 = 12_582_912.0;
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = x - whole * LN_2_HIGH - whole * LN_2_LOW;
    // The minimax polynomial of expf in the Cephes library.
    let mut sum = 1.987_569_1e-4;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        sum = sum * rest + coefficient;
    }
    (sum * rest * rest + rest + 1.0, shifted.to_bits().wrapping_sub(ROUND.to_bits()) as i32)
}

/// `log(1 + t)` for `t` in `0..=1`, accurate also for tiny `t`: the series of `2 artanh(t / (2 + t))`.
#[inline(always)]
pub fn log_1p(t: f32) -> f32 {
    let s = t / (2.0 + t); // at most 1/3
    let square = s * s;
    let mut sum = 1.0 / 17.0;
    for odd in [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        sum = sum * square + 1.0 / odd;
    }
    2.0 * s + 2.0 * s * square * sum
}
