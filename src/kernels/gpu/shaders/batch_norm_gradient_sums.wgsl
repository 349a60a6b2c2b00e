// The gradients of the weight and bias of `batch_norm_forward.wgsl`, in parts that `batch_norm_reduce.wgsl` adds up: sums
// of the gradient of the ReLU's input times the normalised pixel, and of that gradient alone. Reads 4 bytes per element and 4 per
// window, 8 operations each.

struct Info {
    images: u32,
    channels: u32,
    height: u32,
    width: u32,
    window: u32,   // as in `batch_norm_forward.wgsl`, also the next two
    down: u32,
    across: u32,
    slices: u32,   // parts of the windows
    batches: u32,  // parts of the images; each pair of parts has an invocation
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [images, channels, height, width]
@group(0) @binding(1) var<storage, read> y_gradient: array<f32>; // [images, channels, down, across]
@group(0) @binding(2) var<storage, read> moments: array<vec2<f32>>; // [channels]: mean, variance
@group(0) @binding(3) var<storage, read> weight: array<f32>; // [channels], as the next
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read_write> partial: array<vec2<f32>>; // [channels, batches, slices]
@group(0) @binding(6) var<storage, read> info: Info;

const EPSILON: f32 = {{ batch_norm_epsilon }};

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let batch = id.x / info.slices;
    let slice = id.x - batch * info.slices;
    let channel = id.y;
    if batch >= info.batches {
        return;
    }
    let center = moments[channel].x;
    let inverse_deviation = inverseSqrt(moments[channel].y + EPSILON);
    let scale = weight[channel] * inverse_deviation;
    let shift = bias[channel];
    let windows = info.down * info.across;
    var bias_sum = 0.0;
    var weight_sum = 0.0;
    for (var window = slice; window < windows; window += info.slices) {
        let row = window / info.across;
        let corner = (row * info.width + window - row * info.across) * info.window;
        for (var image = batch; image < info.images; image += info.batches) {
            let plane = image * info.channels + channel;
            let at = plane * info.height * info.width + corner;
            var maximum = x[at] - center;
            if info.window == 2u {
                let below = at + info.width;
                let others = vec3<f32>(x[at + 1u], x[below], x[below + 1u]) - center;
                // Of equal pixels, the first counts as the maximum.
                maximum = select(maximum, others.x, others.x * scale > maximum * scale);
                maximum = select(maximum, others.y, others.y * scale > maximum * scale);
                maximum = select(maximum, others.z, others.z * scale > maximum * scale);
            }
            let gradient = select(0.0, y_gradient[plane * windows + window], maximum * scale + shift > 0.0);
            bias_sum += gradient;
            weight_sum += gradient * maximum;
        }
    }
    partial[(channel * info.batches + batch) * info.slices + slice] = vec2<f32>(weight_sum * inverse_deviation, bias_sum);
}
