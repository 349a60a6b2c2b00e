// Partial sums brought together, an invocation per channel: those of `norm_moments.wgsl` as mean and biased variance, with a note in
// the running ones, others as they are; reads 8 bytes and takes 2 operations per part.

struct Info {
    channels: u32,
    parts: u32,
    pixels: u32,   // of a picture, to find the number that the sums are anchored at
    count: u32,    // numbers in all parts of a channel
    anchored: u32, // 1: mean and variance; 0: plain sums, and nothing runs
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [pictures, channels, pixels]
@group(0) @binding(1) var<storage, read> partial: array<vec2<f32>>; // [channels, parts]
@group(0) @binding(2) var<storage, read> running_first: array<f32>; // [channels], as the next three
@group(0) @binding(3) var<storage, read> running_second: array<f32>;
@group(0) @binding(4) var<storage, read_write> first: array<f32>; // means, running; or sums
@group(0) @binding(5) var<storage, read_write> second: array<f32>;
@group(0) @binding(6) var<storage, read_write> both: array<vec2<f32>>; // [channels] of this batch
@group(0) @binding(7) var<storage, read> info: Info;

/// How much of what runs each batch replaces.
const MOMENTUM: f32 = 0.1;

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
    var noted = total;
    if info.anchored == 1u {
        let count = f32(info.count);
        let offset = total.x / count;
        let variance = max(total.y / count - offset * offset, 0.0);
        total = vec2<f32>(x[channel * info.pixels + info.pixels / 2u] + offset, variance);
        let unbiased = vec2<f32>(total.x, variance * count / max(count - 1.0, 1.0));
        noted = mix(vec2<f32>(running_first[channel], running_second[channel]), unbiased, MOMENTUM);
    }
    first[channel] = noted.x;
    second[channel] = noted.y;
    both[channel] = total;
}
