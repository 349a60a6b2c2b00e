// Per channel, what `norm_forward.wgsl` hands back to weight and bias, in parts that `norm_totals.wgsl` brings together: the
// gradient behind the ReLU, times the normalised number and alone: reads 4 bytes per number and 4 per window, 8 operations each.

struct Info {
    pictures: u32,
    channels: u32,
    height: u32,
    width: u32,
    window: u32,   // as in `norm_forward.wgsl`, also the next two
    down: u32,
    across: u32,
    slices: u32,   // of the windows, each taken by an invocation of its own
    batches: u32,  // of the pictures, likewise
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [pictures, channels, height, width]
@group(0) @binding(1) var<storage, read> y_gradient: array<f32>; // [pictures, channels, down, across]
@group(0) @binding(2) var<storage, read> moments: array<vec2<f32>>; // [channels]: mean, variance
@group(0) @binding(3) var<storage, read> weight: array<f32>; // [channels], as the next
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read_write> partial: array<vec2<f32>>; // [channels, batches, slices]
@group(0) @binding(6) var<storage, read> info: Info;

const EPSILON: f32 = 1e-5;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let batch = id.x / info.slices;
    let slice = id.x - batch * info.slices;
    let channel = id.y;
    if batch >= info.batches {
        return;
    }
    let center = moments[channel].x;
    let deviation = inverseSqrt(moments[channel].y + EPSILON);
    let scale = weight[channel] * deviation;
    let shift = bias[channel];
    let windows = info.down * info.across;
    var alone = 0.0;
    var times = 0.0;
    for (var window = slice; window < windows; window += info.slices) {
        let row = window / info.across;
        let corner = (row * info.width + window - row * info.across) * info.window;
        for (var picture = batch; picture < info.pictures; picture += info.batches) {
            let plane = picture * info.channels + channel;
            let at = plane * info.height * info.width + corner;
            var chosen = x[at] - center;
            if info.window == 2u {
                let below = at + info.width;
                let others = vec3<f32>(x[at + 1u], x[below], x[below + 1u]) - center;
                // The first of equal ones.
                chosen = select(chosen, others.x, others.x * scale > chosen * scale);
                chosen = select(chosen, others.y, others.y * scale > chosen * scale);
                chosen = select(chosen, others.z, others.z * scale > chosen * scale);
            }
            let gradient = select(0.0, y_gradient[plane * windows + window], chosen * scale + shift > 0.0);
            alone += gradient;
            times += gradient * chosen;
        }
    }
    partial[(channel * info.batches + batch) * info.slices + slice] = vec2<f32>(times * deviation, alone);
}
