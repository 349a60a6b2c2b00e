// Partial sums brought together, an invocation per channel: for `norm_moments.wgsl` as mean and biased variance, else as they are;
// reads 8 bytes and takes 2 operations per part.

struct Info {
    channels: u32,
    parts: u32,
    pixels: u32,   // of a picture, to find the number that the sums are anchored at
    count: u32,    // numbers in all parts of a channel
    anchored: u32, // 1: mean and variance; 0: plain sums
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [pictures, channels, pixels]
@group(0) @binding(1) var<storage, read> partial: array<vec2<f32>>; // [channels, parts]
@group(0) @binding(2) var<storage, read_write> first: array<f32>; // [channels], as the next
@group(0) @binding(3) var<storage, read_write> second: array<f32>;
@group(0) @binding(4) var<storage, read_write> both: array<vec2<f32>>; // [channels], for a kernel with no buffer to spare
@group(0) @binding(5) var<storage, read> info: Info;

@compute @workgroup_size(32, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let channel = id.x;
    if channel >= info.channels {
        return;
    }
    var total = vec2<f32>();
    for (var part = 0u; part < info.parts; part++) {
        total += partial[channel * info.parts + part];
    }
    if info.anchored == 1u {
        let count = f32(info.count);
        let offset = total.x / count;
        total = vec2<f32>(x[channel * info.pixels + info.pixels / 2u] + offset, max(total.y / count - offset * offset, 0.0));
    }
    first[channel] = total.x;
    second[channel] = total.y;
    both[channel] = total;
}
