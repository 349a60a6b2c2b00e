// The gradient of what `norm_forward.wgsl` was given, through the batch's own mean and variance (Ioffe & Szegedy 2015, section 3):
// reads 4 bytes per number and 4 per window, writes 4 per number, 10 operations each.

struct Info {
    pictures: u32,
    channels: u32,
    height: u32,
    width: u32,
    window: u32, // as in `norm_forward.wgsl`, also the next two
    down: u32,
    across: u32,
    all_down: u32, // windows with those that reach beyond the picture, which have no gradient
    all_across: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [pictures, channels, height, width]
@group(0) @binding(1) var<storage, read> y_gradient: array<f32>; // [pictures, channels, down, across]
@group(0) @binding(2) var<storage, read> moments: array<vec2<f32>>; // [channels]: mean, variance
@group(0) @binding(3) var<storage, read> weight: array<f32>; // [channels], as the next
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> sums: array<vec2<f32>>; // [channels], of `norm_sums.wgsl`
@group(0) @binding(6) var<storage, read_write> x_gradient: array<f32>; // as x
@group(0) @binding(7) var<storage, read> info: Info;

const EPSILON: f32 = 1e-5;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    let windows = info.all_down * info.all_across;
    let plane = index / windows;
    let picture = plane / info.channels;
    if picture >= info.pictures {
        return;
    }
    let channel = plane - picture * info.channels;
    let center = moments[channel].x;
    let deviation = inverseSqrt(moments[channel].y + EPSILON);
    let scale = weight[channel] * deviation;
    let shift = bias[channel];
    let count = f32(info.pictures * info.height * info.width);
    let slope = sums[channel].x / count * deviation;
    let level = sums[channel].y / count;

    let window = index - plane * windows;
    let row = window / info.all_across;
    let column = window - row * info.all_across;
    let covered = row < info.down && column < info.across;
    let given = y_gradient[(plane * info.down + row) * info.across + column];
    let y = row * info.window;
    let left = column * info.window;
    let at = (plane * info.height + y) * info.width + left;
    let below = at + info.width;

    let first = x[at] - center;
    var others = vec3<f32>();
    var choice = 0u;
    var largest = first * scale;
    if info.window == 2u {
        others = vec3<f32>(x[at + 1u], x[below], x[below + 1u]) - center;
        let scaled = others * scale;
        // The first of equal ones.
        if scaled.x > largest { choice = 1u; largest = scaled.x; }
        if scaled.y > largest { choice = 2u; largest = scaled.y; }
        if scaled.z > largest { choice = 3u; largest = scaled.z; }
    }
    let gradient = select(0.0, given, covered && largest + shift > 0.0);
    x_gradient[at] = scale * (select(0.0, gradient, choice == 0u) - level - first * slope);
    if info.window == 2u {
        let right = left + 1u < info.width;
        let lower = y + 1u < info.height;
        if right { x_gradient[at + 1u] = scale * (select(0.0, gradient, choice == 1u) - level - others.x * slope); }
        if lower { x_gradient[below] = scale * (select(0.0, gradient, choice == 2u) - level - others.y * slope); }
        if right && lower { x_gradient[below + 1u] = scale * (select(0.0, gradient, choice == 3u) - level - others.z * slope); }
    }
}
