//! The ReLU on the way back.

/// What of a slope passes the ReLU whose output was `y`.
#[inline(always)]
pub fn through(y: f32, dy: f32) -> f32 {
    // A mask of bits: nothing to branch on.
    let open = u32::from(y > 0.0).wrapping_neg();
    f32::from_bits(dy.to_bits() & open)
}
