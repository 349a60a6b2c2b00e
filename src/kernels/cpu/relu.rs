//! The backward pass of a ReLU.

/// The gradient of the ReLU's input: `dy` where its output `y` is positive, zero elsewhere.
#[inline(always)]
pub fn relu_backward(y: f32, dy: f32) -> f32 {
    // A bit mask instead of a branch.
    let mask = u32::from(y > 0.0).wrapping_neg();
    f32::from_bits(dy.to_bits() & mask)
}
