//! The macro that connects the operations' traits to the functions of a backend, for the CPU and the GPU alike.

/// Implements all operations for a backend: each calls a function on the backend's tensors in the module of the same name,
/// which must be in scope.
macro_rules! implement_operations {
    ($backend:ty) => {
        use burn::backend::tensor::FloatTensor;
        use $crate::kernels::operations::{
            BackwardPass, BatchNormOutput, BatchNormState, DenseGradients, DenseState, Differentiable,
            NonDifferentiable, SampleState,
        };

        impl Differentiable for $backend {
            fn dense(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                relu: bool,
            ) -> FloatTensor<Self> {
                dense::forward(x, weight, bias, relu)
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
            fn adam(
                value: FloatTensor<Self>,
                gradient: FloatTensor<Self>,
                moments: FloatTensor<Self>,
                rates: FloatTensor<Self>,
            ) -> (FloatTensor<Self>, FloatTensor<Self>) {
                adam::update(value, gradient, moments, rates)
            }

            fn adam_pair(
                value: FloatTensor<Self>,
                gradient: FloatTensor<Self>,
                moments: FloatTensor<Self>,
                other_value: FloatTensor<Self>,
                other_gradient: FloatTensor<Self>,
                other_moments: FloatTensor<Self>,
                rates: FloatTensor<Self>,
            ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
                let other = [other_value, other_gradient, other_moments];
                let [[value, moments], [other_value, other_moments]] =
                    adam::update_pair([value, gradient, moments], other, rates);
                (value, moments, other_value, other_moments)
            }

            fn record_losses(
                reconstruction: FloatTensor<Self>,
                divergence: FloatTensor<Self>,
                losses: FloatTensor<Self>,
                row: usize,
            ) -> FloatTensor<Self> {
                record_losses::write(reconstruction, divergence, losses, row)
            }
        }
    };
}

pub(super) use implement_operations;
