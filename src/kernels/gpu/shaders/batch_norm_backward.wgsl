// The gradient of the input of `batch_norm_forward.wgsl`, on which the batch's mean and variance depend, too (Ioffe & Szegedy
// 2015, section 3). Reads 4 bytes per element and 4 per window, writes 4 per element, 10 operations each.

struct Info {
    images: u32,
    channels: u32,
    height: u32,
    width: u32,
    window: u32, // as in `batch_norm_forward.wgsl`, also the next two
    down: u32,
    across: u32,
    all_down: u32, // with the windows that reach beyond the image, whose pixels are not in the output
    all_across: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [images, channels, height, width]
@group(0) @binding(1) var<storage, read> y_gradient: array<f32>; // [images, channels, down, across]
@group(0) @binding(2) var<storage, read> moments: array<vec2<f32>>; // [channels]: mean, variance
@group(0) @binding(3) var<storage, read> weight: array<f32>; // [channels], as the next
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> sums: array<vec2<f32>>; // [channels], of `batch_norm_gradient_sums.wgsl`
@group(0) @binding(6) var<storage, read_write> x_gradient: array<f32>; // as x
@group(0) @binding(7) var<storage, read> info: Info;

const EPSILON: f32 = {{ batch_norm_epsilon }};

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.z * groups.x * 64u;
    let windows = info.all_down * info.all_across;
    let plane = index / windows;
    let image = plane / info.channels;
    if image >= info.images {
        return;
    }
    let channel = plane - image * info.channels;
    let center = moments[channel].x;
    let inverse_deviation = inverseSqrt(moments[channel].y + EPSILON);
    let scale = weight[channel] * inverse_deviation;
    let shift = bias[channel];
    let count = f32(info.images * info.height * info.width);
    let mean_weight_gradient = sums[channel].x / count * inverse_deviation;
    let mean_bias_gradient = sums[channel].y / count;

    let window = index - plane * windows;
    let row = window / info.all_across;
    let column = window - row * info.all_across;
    let in_output = row < info.down && column < info.across;
    let window_gradient = y_gradient[(plane * info.down + row) * info.across + column];
    let y = row * info.window;
    let left = column * info.window;
    let at = (plane * info.height + y) * info.width + left;
    let below = at + info.width;

    let first = x[at] - center;
    var others = vec3<f32>();
    var argmax = 0u;
    var largest = first * scale;
    if info.window == 2u {
        others = vec3<f32>(x[at + 1u], x[below], x[below + 1u]) - center;
        let scaled = others * scale;
        // Of equal pixels, the first counts as the maximum.
        if scaled.x > largest { argmax = 1u; largest = scaled.x; }
        if scaled.y > largest { argmax = 2u; largest = scaled.y; }
        if scaled.z > largest { argmax = 3u; largest = scaled.z; }
    }
    let gradient = select(0.0, window_gradient, in_output && largest + shift > 0.0);
    x_gradient[at] = scale * (select(0.0, gradient, argmax == 0u) - mean_bias_gradient - first * mean_weight_gradient);
    if info.window == 2u {
        let right = left + 1u < info.width;
        let lower = y + 1u < info.height;
        let gradients = select(vec3<f32>(), vec3<f32>(gradient), vec3<u32>(argmax) == vec3<u32>(1u, 2u, 3u));
        let rest = scale * (gradients - mean_bias_gradient - others * mean_weight_gradient);
        if right { x_gradient[at + 1u] = rest.x; }
        if lower { x_gradient[below] = rest.y; }
        if right && lower { x_gradient[below + 1u] = rest.z; }
    }
}
