// Batch norm (Ioffe & Szegedy 2015), ReLU and optional 2 x 2 max pooling in one pass. Reads 4 bytes per element, writes 4
// per window and takes 5 operations per element.

struct Info {
    images: u32,
    channels: u32,
    height: u32,
    width: u32,
    window: u32, // 2: max pooling over 2 x 2 windows; 1: no pooling
    down: u32,   // windows in a column and in a row
    across: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [images, channels, height, width]
@group(0) @binding(1) var<storage, read> moments: array<vec2<f32>>; // [channels]: mean, variance
@group(0) @binding(2) var<storage, read> weight: array<f32>; // [channels], as the next
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>; // [images, channels, down, across]
@group(0) @binding(5) var<storage, read> info: Info;

const EPSILON: f32 = {{ batch_norm_epsilon }};

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.z * groups.x * 64u;
    let windows = info.down * info.across;
    let plane = index / windows;
    let image = plane / info.channels;
    if image >= info.images {
        return;
    }
    let channel = plane - image * info.channels;
    let center = moments[channel].x;
    let scale = weight[channel] * inverseSqrt(moments[channel].y + EPSILON);
    let shift = bias[channel];
    let window = index - plane * windows;
    let row = window / info.across;
    let at = plane * info.height * info.width + (row * info.width + window - row * info.across) * info.window;
    var largest = (x[at] - center) * scale + shift;
    if info.window == 2u {
        let below = at + info.width;
        let others = (vec3<f32>(x[at + 1u], x[below], x[below + 1u]) - center) * scale + shift;
        largest = max(max(largest, others.x), max(others.y, others.z));
    }
    y[index] = select(largest, 0.0, largest < 0.0);
}
