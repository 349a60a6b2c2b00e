//! Moving the elements of a tensor to another order of its axes.

use burn_wgpu::CubeTensor;

use super::launch::{Kernel, shader};

const REARRANGE: Kernel = Kernel::new(shader!("rearrange"), [64, 1]);

/// Six axes, outermost first, with their strides in the source and in the result, and a seventh that is summed.
#[derive(Debug, Clone, Copy)]
pub struct Rearrange {
    pub sizes: [usize; 6],
    pub from: [usize; 6],
    pub to: [usize; 6],
    /// Elements of the source that are summed for each of the result.
    pub terms: usize,
    pub term_stride: usize,
}

impl Default for Rearrange {
    fn default() -> Self {
        Self { sizes: [1; 6], from: [0; 6], to: [0; 6], terms: 1, term_stride: 0 }
    }
}

impl Rearrange {
    /// Writes the elements of `source` to `result` in their new order; `bias` has one element for each index of the fourth
    /// axis.
    pub fn launch(&self, source: &CubeTensor, bias: Option<&CubeTensor>, result: &CubeTensor) {
        let rest = [self.terms, self.term_stride, usize::from(bias.is_some())];
        let words = [&self.sizes[..], &self.from, &self.to, &rest].concat();
        let [a, b, c, d, _, f] = self.sizes;
        REARRANGE.launch([a * b * c * d * f, 1], &[source, bias.unwrap_or(source), result], &words);
    }
}
