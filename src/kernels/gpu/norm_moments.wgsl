// Mean and biased variance of each channel over pictures and pixels, a workgroup per channel: reads 4 bytes and takes 4
// operations per number.

struct Info {
    pictures: u32,
    channels: u32,
    pixels: u32,
    sums: u32, // 1: the sum instead of the mean, as the gradient of a bias is one
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [pictures, channels, pixels]
@group(0) @binding(1) var<storage, read_write> moments: array<f32>; // [2, channels]: mean, variance
@group(0) @binding(2) var<storage, read> info: Info;

const TEAM: u32 = 256u;
var<workgroup> partial: array<vec2<f32>, TEAM>;

@compute @workgroup_size(TEAM, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) member: u32) {
    let channel = group.x;
    let count = f32(info.pictures * info.pixels);
    // Sums of differences from one of the numbers: squares of the numbers themselves would lose a small variance.
    let anchor = select(x[channel * info.pixels + info.pixels / 2u], 0.0, info.sums == 1u);
    var picture = member / info.pixels;
    var pixel = member % info.pixels;
    var sum = 0.0;
    var squares = 0.0;
    while picture < info.pictures {
        let difference = x[(picture * info.channels + channel) * info.pixels + pixel] - anchor;
        sum += difference;
        squares += difference * difference;
        pixel += TEAM % info.pixels;
        picture += TEAM / info.pixels;
        if pixel >= info.pixels {
            pixel -= info.pixels;
            picture++;
        }
    }
    partial[member] = vec2<f32>(sum, squares);
    workgroupBarrier();
    if member == 0u {
        var total = vec2<f32>();
        for (var i = 0u; i < TEAM; i++) {
            total += partial[i];
        }
        let offset = total.x / count;
        moments[channel] = select(anchor + offset, total.x, info.sums == 1u);
        moments[info.channels + channel] = max(total.y / count - offset * offset, 0.0);
    }
}
