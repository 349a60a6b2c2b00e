//! The macro that connects the operations' traits to the functions of a backend, for the CPU and the GPU alike.

/// Implements all operations for a backend: each calls a function on the backend's tensors in the module of the same name,
/// which must be in scope.
macro_rules! implement_operations {
    ($backend:ty) => {
        use burn::backend::tensor::{FloatTensor, IntTensor};
        use $crate::kernels::operations::{
            AdamGroup, BackwardPass, BatchNormOutput, BatchNormState, DenseGradients, DensePairGradients,
            DensePairState, DenseState, Differentiable, NonDifferentiable, SampleState,
        };

        impl Differentiable for $backend {
            fn dense(
                x: FloatTensor<Self>,
                _rectified: bool,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                relu: bool,
            ) -> FloatTensor<Self> {
                dense::forward(x, weight, bias, relu)
            }

            fn dense_pair(
                x: FloatTensor<Self>,
                _rectified: bool,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                other_weight: FloatTensor<Self>,
                other_bias: FloatTensor<Self>,
            ) -> (FloatTensor<Self>, FloatTensor<Self>) {
                dense_pair::forward(x, [weight, other_weight], [bias, other_bias]).into()
            }

            fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
                cross_entropy::forward(logits, images)
            }

            fn sample_and_kl(
                mean: FloatTensor<Self>,
                log_var: FloatTensor<Self>,
                noise: FloatTensor<Self>,
            ) -> (FloatTensor<Self>, FloatTensor<Self>) {
                sample_and_kl::forward(mean, log_var, noise)
            }

            fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
                conv::forward(x, weight)
            }

            fn conv_transpose(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
                conv_transpose::forward(x, weight, None)
            }

            fn conv_transpose_biased(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
            ) -> FloatTensor<Self> {
                conv_transpose::forward(x, weight, Some(bias))
            }

            fn batch_norm(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                running_mean: FloatTensor<Self>,
                running_var: FloatTensor<Self>,
                pool: bool,
            ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
                let output = batch_norm::forward(x, weight, bias, [running_mean, running_var], pool);
                let [mean, var] = output.running;
                (output.y, mean, var)
            }

            fn total_and_record(
                reconstruction: FloatTensor<Self>,
                divergence: FloatTensor<Self>,
                beta: f32,
                losses: FloatTensor<Self>,
                row: usize,
            ) -> (FloatTensor<Self>, FloatTensor<Self>) {
                total_and_record::forward(reconstruction, divergence, beta, losses, row)
            }
        }

        impl BackwardPass for $backend {
            fn dense_backward(
                state: DenseState<Self>,
                dy: FloatTensor<Self>,
                parameters: bool,
                input: bool,
            ) -> DenseGradients<Self> {
                dense::backward(state, dy, parameters, input)
            }

            fn dense_pair_backward(
                state: DensePairState<Self>,
                dy: [FloatTensor<Self>; 2],
                parameters: bool,
                input: bool,
            ) -> DensePairGradients<Self> {
                dense_pair::backward(state, dy, parameters, input)
            }

            fn cross_entropy_backward(
                logits: FloatTensor<Self>,
                images: FloatTensor<Self>,
                dloss: FloatTensor<Self>,
            ) -> FloatTensor<Self> {
                cross_entropy::backward(logits, images, dloss)
            }

            fn sample_and_kl_backward(
                state: SampleState<Self>,
                dz: FloatTensor<Self>,
                dkl: Option<FloatTensor<Self>>,
            ) -> [FloatTensor<Self>; 2] {
                sample_and_kl::backward(state, dz, dkl)
            }

            fn conv_input_gradient(dy: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
                conv::input_gradient(dy, weight)
            }

            fn conv_weight_gradient(x: FloatTensor<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self> {
                conv::weight_gradient(x, dy)
            }

            fn conv_transpose_backward(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                dy: FloatTensor<Self>,
                wanted: [bool; 3],
            ) -> [Option<FloatTensor<Self>>; 3] {
                conv_transpose::backward(x, weight, dy, wanted)
            }

            fn batch_norm_forward(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                running: [FloatTensor<Self>; 2],
                pool: bool,
            ) -> BatchNormOutput<Self> {
                batch_norm::forward(x, weight, bias, running, pool)
            }

            fn batch_norm_backward(
                state: BatchNormState<Self>,
                dy: FloatTensor<Self>,
                pool: bool,
            ) -> [FloatTensor<Self>; 3] {
                batch_norm::backward(state, dy, pool)
            }
        }

        impl NonDifferentiable for $backend {
            fn pixels(bytes: IntTensor<Self>) -> FloatTensor<Self> {
                pixels::forward(bytes)
            }

            fn adam(
                parameters: AdamGroup<Self>,
                moments: FloatTensor<Self>,
                step_size: f32,
                epsilon: f32,
                gradient_factor: f32,
            ) -> (Vec<FloatTensor<Self>>, FloatTensor<Self>) {
                adam::update(parameters, moments, [step_size, epsilon, gradient_factor])
            }
        }
    };
}

pub(super) use implement_operations;
