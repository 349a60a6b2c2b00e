// Per channel, what `norm_forward.wgsl` hands back to bias and weight: the sums of the gradient behind the ReLU, alone and times
// the normalised number, a workgroup per channel: reads 4 bytes per number and 4 per window, 8 operations per number.

struct Info {
    pictures: u32,
    channels: u32,
    height: u32,
    width: u32,
    window: u32, // as in `norm_forward.wgsl`
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [pictures, channels, height, width]
@group(0) @binding(1) var<storage, read> y_gradient: array<f32>; // [pictures, channels, height / window, width / window]
@group(0) @binding(2) var<storage, read> moments: array<f32>; // [2, channels]: mean, variance
@group(0) @binding(3) var<storage, read> weight: array<f32>; // [channels], as the next
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read_write> sums: array<f32>; // [2, channels]: gradient of the weight, of the bias
@group(0) @binding(6) var<storage, read> info: Info;

const EPSILON: f32 = 1e-5;
const TEAM: u32 = 256u;
var<workgroup> partial: array<vec2<f32>, TEAM>;

@compute @workgroup_size(TEAM, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) member: u32) {
    let down = info.height / info.window;
    let across = info.width / info.window;
    let windows = down * across;
    let channel = group.x;
    let center = moments[channel];
    let deviation = inverseSqrt(moments[info.channels + channel] + EPSILON);
    let scale = weight[channel] * deviation;
    let shift = bias[channel];
    var picture = member / windows;
    var pixel = member % windows;
    var total = vec2<f32>();
    while picture < info.pictures {
        let plane = picture * info.channels + channel;
        let at = plane * info.height * info.width + pixel / across * info.window * info.width + pixel % across * info.window;
        var chosen = x[at] - center;
        if info.window == 2u {
            let below = at + info.width;
            let others = vec3<f32>(x[at + 1u], x[below], x[below + 1u]) - center;
            // The first of equal ones.
            chosen = select(chosen, others.x, others.x * scale > chosen * scale);
            chosen = select(chosen, others.y, others.y * scale > chosen * scale);
            chosen = select(chosen, others.z, others.z * scale > chosen * scale);
        }
        let gradient = select(0.0, y_gradient[plane * windows + pixel], chosen * scale + shift > 0.0);
        total += vec2<f32>(gradient * chosen * deviation, gradient);
        pixel += TEAM % windows;
        picture += TEAM / windows;
        if pixel >= windows {
            pixel -= windows;
            picture++;
        }
    }
    partial[member] = total;
    workgroupBarrier();
    if member == 0u {
        var all = vec2<f32>();
        for (var i = 0u; i < TEAM; i++) {
            all += partial[i];
        }
        sums[channel] = all.x;
        sums[info.channels + channel] = all.y;
    }
}
