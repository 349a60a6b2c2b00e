//! The fused operations on burn's CPU tensors, by the loops of [`cpu`](super::cpu).

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::tensor::TensorData;

use super::cpu::{adam, batch_norm, conv, cross_entropy, dense, gaussian, pool, up};
use super::{Adjoint, DensePass, DenseSlopes, Differentiable, LatentPass, NormPass, Normed, Plain};

/// How much of the running statistics each batch replaces.
const MOMENTUM: f32 = 0.1;

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

fn plain(tensor: FlexTensor) -> FlexTensor {
    tensor.to_contiguous()
}

fn values(plain: &FlexTensor) -> &[f32] {
    plain.as_slice().expect("f32 without gaps")
}

fn shape<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    tensor.layout().shape().dims()
}

/// The numbers of a tensor, to change in place where nobody else holds it.
fn owned(tensor: &mut FlexTensor) -> &mut [f32] {
    if tensor.layout().contiguous_offsets() != Some((0, tensor.storage::<f32>().len())) {
        *tensor = FlexTensor::from_data(tensor.clone().into_data());
    }
    tensor.storage_mut()
}

fn dense_dims(x: &FlexTensor, weight: &FlexTensor) -> dense::Dims {
    let ([batch, inputs], [outputs, _]) = (shape(x), shape(weight));
    dense::Dims { batch, inputs, outputs }
}

fn up_with(x: FlexTensor, weight: FlexTensor, bias: Option<FlexTensor>) -> FlexTensor {
    let [x, weight] = [x, weight].map(plain);
    let ([batch, inputs, height, width], [_, outputs, ..]) = (shape(&x), shape::<4>(&weight));
    let dims = up::Dims { batch, inputs, outputs, height, width };
    let y = up::forward(values(&x), values(&weight), bias.as_ref().map(values), dims);
    tensor(y, [batch, outputs, 2 * height, 2 * width])
}

impl Differentiable for Flex {
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let [x, weight, bias] = [x, weight, bias].map(plain);
        let dims = dense_dims(&x, &weight);
        let y = dense::forward(values(&x), values(&weight), values(&bias), dims, relu);
        tensor(y, [dims.batch, dims.outputs])
    }

    fn cross_entropy(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
        let [logits, images] = [logits, images].map(plain);
        let [rows, _] = shape(&logits);
        tensor(cross_entropy::forward(values(&logits), values(&images), rows), [rows])
    }

    fn latent(
        mean: FloatTensor<Self>,
        log_var: FloatTensor<Self>,
        noise: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [mean, log_var, noise] = [mean, log_var, noise].map(plain);
        let [rows, latent] = shape(&mean);
        let z = gaussian::draw(values(&mean), values(&log_var), values(&noise));
        let kl = gaussian::kl(values(&mean), values(&log_var), rows);
        (tensor(z, [rows, latent]), tensor(kl, [rows]))
    }

    fn conv(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let [x, weight] = [x, weight].map(plain);
        let ([batch, inputs, height, width], [outputs, ..]) = (shape(&x), shape::<4>(&weight));
        let dims = conv::Dims { batch, inputs, outputs, height, width };
        tensor(conv::forward(values(&x), values(&weight), dims), [batch, outputs, height, width])
    }

    fn up(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        up_with(x, weight, None)
    }

    fn up_biased(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self> {
        up_with(x, weight, Some(plain(bias)))
    }

    fn norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running_mean: FloatTensor<Self>,
        running_var: FloatTensor<Self>,
        pool: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let Normed { y, running: [mean, var], .. } =
            Self::norm_forward(x, weight, bias, [running_mean, running_var], pool);
        (y, mean, var)
    }
}

impl Adjoint for Flex {
    fn dense_adjoint(
        pass: DensePass<Self>,
        dy: FloatTensor<Self>,
        parameters: bool,
        inputs: bool,
    ) -> DenseSlopes<Self> {
        let DensePass { x, weight, opened } = pass;
        let [x, weight, dy] = [x, weight, dy].map(plain);
        let opened = opened.map(plain);
        let dims = dense_dims(&x, &weight);
        let opened = opened.as_ref().map(values);
        let wanted = [inputs, parameters];
        let (dx, slopes) = dense::backward(values(&x), values(&weight), opened, values(&dy), dims, wanted);
        DenseSlopes {
            parameters: slopes
                .map(|(dweight, dbias)| [tensor(dweight, [dims.outputs, dims.inputs]), tensor(dbias, [dims.outputs])]),
            inputs: dx.map(|dx| tensor(dx, [dims.batch, dims.inputs])),
        }
    }

    fn cross_entropy_adjoint(
        logits: FloatTensor<Self>,
        images: FloatTensor<Self>,
        dcost: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [logits, images, dcost] = [logits, images, dcost].map(plain);
        let [rows, pixels] = shape(&logits);
        tensor(cross_entropy::backward(values(&logits), values(&images), values(&dcost), rows), [rows, pixels])
    }

    fn latent_adjoint(
        pass: LatentPass<Self>,
        dz: FloatTensor<Self>,
        dkl: Option<FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 2] {
        let LatentPass { mean, log_var, noise } = pass;
        let [mean, log_var, noise, dz] = [mean, log_var, noise, dz].map(plain);
        let mut by_mean = values(&dz).to_vec();
        let mut by_log_var = gaussian::draw_backward(values(&log_var), values(&noise), values(&dz));
        if let Some(dkl) = dkl.map(plain) {
            let (mean, log_var) = gaussian::kl_backward(values(&mean), values(&log_var), values(&dkl));
            by_mean.iter_mut().zip(mean).for_each(|(sum, more)| *sum += more);
            by_log_var.iter_mut().zip(log_var).for_each(|(sum, more)| *sum += more);
        }
        [by_mean, by_log_var].map(|slopes| tensor::<2>(slopes, shape(&mean)))
    }

    fn conv_input(dy: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let [dy, weight] = [dy, weight].map(plain);
        let ([batch, outputs, height, width], [_, inputs, ..]) = (shape(&dy), shape::<4>(&weight));
        let dims = conv::Dims { batch, inputs, outputs, height, width };
        tensor(conv::input_gradient(values(&dy), values(&weight), dims), [batch, inputs, height, width])
    }

    fn conv_weight(x: FloatTensor<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self> {
        let [x, dy] = [x, dy].map(plain);
        let ([batch, inputs, height, width], [_, outputs, ..]) = (shape(&x), shape::<4>(&dy));
        let dims = conv::Dims { batch, inputs, outputs, height, width };
        tensor(conv::weight_gradient(values(&x), values(&dy), dims), [outputs, inputs, 3, 3])
    }

    fn up_adjoint(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        [by_x, by_weight, by_bias]: [bool; 3],
    ) -> [Option<FloatTensor<Self>>; 3] {
        let [x, weight, dy] = [x, weight, dy].map(plain);
        let ([batch, inputs, height, width], [_, outputs, ..]) = (shape(&x), shape::<4>(&weight));
        let dims = up::Dims { batch, inputs, outputs, height, width };
        let (dx, dweight, dbias) = up::backward(values(&x), values(&weight), values(&dy), dims, by_x, by_weight);
        [
            dx.map(|dx| tensor(dx, [batch, inputs, height, width])),
            dweight.map(|dweight| tensor(dweight, [inputs, outputs, 2, 2])),
            by_bias.then(|| tensor(dbias, [outputs])),
        ]
    }

    fn norm_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        running: [FloatTensor<Self>; 2],
        pool: bool,
    ) -> Normed<Self> {
        let [x, weight, bias] = [x, weight, bias].map(plain);
        let [batch, channels, height, width] = shape(&x);
        let dims = batch_norm::Dims { batch, channels, area: height * width };
        let (mean, variance) = batch_norm::moments(values(&x), dims);
        let opened = batch_norm::forward(values(&x), &mean, &variance, values(&weight), values(&bias), dims);
        let opened = tensor(opened, [batch, channels, height, width]);
        let y = match pool {
            true => {
                let windows = pool::Dims { planes: batch * channels, height, width };
                tensor(pool::forward(values(&opened), windows), [batch, channels, height / 2, width / 2])
            }
            false => opened.clone(),
        };
        let count = (batch * dims.area) as f32;
        let blend = |old: FlexTensor, new: &[f32], factor: f32| {
            let old = plain(old);
            let blended = values(&old).iter().zip(new).map(|(old, new)| old + (new * factor - old) * MOMENTUM);
            tensor(blended.collect(), [channels])
        };
        let [running_mean, running_var] = running;
        let running = [blend(running_mean, &mean, 1.0), blend(running_var, &variance, count / (count - 1.0).max(1.0))];
        let [mean, variance] = [mean, variance].map(|values| tensor(values, [channels]));
        let kept = vec![mean, variance, opened, y.clone()];
        Normed { y, running, pass: NormPass { x, weight, bias, kept } }
    }

    fn norm_adjoint(pass: NormPass<Self>, dy: FloatTensor<Self>, pool: bool) -> [FloatTensor<Self>; 3] {
        let NormPass { x, weight, kept, .. } = pass;
        let [mean, variance, opened, y] = &kept[..] else { unreachable!("as many as the forward pass keeps") };
        let dy = plain(dy);
        let [batch, channels, height, width] = shape(&x);
        let spread = pool.then(|| {
            let windows = pool::Dims { planes: batch * channels, height, width };
            pool::backward(values(opened), values(y), values(&dy), windows)
        });
        let dy = spread.as_deref().unwrap_or(values(&dy));
        let dims = batch_norm::Dims { batch, channels, area: height * width };
        let (dx, dweight, dbias) =
            batch_norm::backward(values(&x), values(opened), dy, values(mean), values(variance), values(&weight), dims);
        [tensor(dx, [batch, channels, height, width]), tensor(dweight, [channels]), tensor(dbias, [channels])]
    }
}

impl Plain for Flex {
    fn adam(
        mut value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        mut moments: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [gradient, rates] = [gradient, rates].map(plain);
        let rates = values(&rates)[..3].try_into().expect("three of them");
        let [size] = shape(&value);
        let (first, second) = owned(&mut moments).split_at_mut(size);
        adam::update(owned(&mut value), values(&gradient), first, second, rates);
        (value, moments)
    }

    fn adam_twice(
        value: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        other_value: FloatTensor<Self>,
        other_gradient: FloatTensor<Self>,
        other_moments: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (value, moments) = Self::adam(value, gradient, moments, rates.clone());
        let (other_value, other_moments) = Self::adam(other_value, other_gradient, other_moments, rates);
        (value, moments, other_value, other_moments)
    }

    fn note(
        reconstruction: FloatTensor<Self>,
        divergence: FloatTensor<Self>,
        mut notes: FloatTensor<Self>,
        row: usize,
    ) -> FloatTensor<Self> {
        for (column, term) in [reconstruction, divergence].map(plain).iter().enumerate() {
            let mean = values(term).iter().sum::<f32>() / values(term).len() as f32;
            owned(&mut notes)[2 * row + column] = mean;
        }
        notes
    }
}
