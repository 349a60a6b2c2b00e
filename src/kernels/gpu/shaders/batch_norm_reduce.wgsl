// Adds up partial sums, an invocation per channel. From those of `batch_norm_partial_sums.wgsl` it computes mean and biased
// variance and updates the running ones. Reads 8 bytes and takes 2 operations per part.

struct Info {
    channels: u32,
    parts: u32,
    pixels: u32,   // of an image, to find the pixel that the sums are anchored at
    count: u32,    // elements of a channel
    anchored: u32, // 1: computes mean and variance; 0: writes the sums
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [images, channels, pixels]
@group(0) @binding(1) var<storage, read> partial: array<vec2<f32>>; // [channels, parts]
@group(0) @binding(2) var<storage, read> running_first: array<f32>; // [channels], as the next three
@group(0) @binding(3) var<storage, read> running_second: array<f32>;
@group(0) @binding(4) var<storage, read_write> first: array<f32>; // running means, or first sums
@group(0) @binding(5) var<storage, read_write> second: array<f32>; // running variances, or second sums
@group(0) @binding(6) var<storage, read_write> both: array<vec2<f32>>; // [channels]: mean and variance of this batch, or both sums
@group(0) @binding(7) var<storage, read> info: Info;

/// The weight of this batch in the running statistics.
const MOMENTUM: f32 = {{ batch_norm_momentum }};

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
    var result = total;
    if info.anchored == 1u {
        let count = f32(info.count);
        let offset = total.x / count;
        let variance = max(total.y / count - offset * offset, 0.0);
        total = vec2<f32>(x[channel * info.pixels + info.pixels / 2u] + offset, variance);
        let unbiased = vec2<f32>(total.x, variance * count / max(count - 1.0, 1.0));
        result = mix(vec2<f32>(running_first[channel], running_second[channel]), unbiased, MOMENTUM);
    }
    first[channel] = result.x;
    second[channel] = result.y;
    both[channel] = total;
}
