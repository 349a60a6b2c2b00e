// Sums over parts of each channel, from which `batch_norm_reduce.wgsl` computes mean and variance. Many
// invocations share a channel, to fill a GPU. Reads 4 bytes and takes 4 operations per element.

struct Info {
    images: u32,
    channels: u32,
    pixels: u32,
    slices: u32,   // parts of the pixels
    batches: u32,  // parts of the images; each pair of parts has an invocation
    anchored: u32, // 1: sums of differences from one pixel of the channel; 0: sums of the pixels, for the gradient of a bias
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [images, channels, pixels]
@group(0) @binding(1) var<storage, read_write> partial: array<vec2<f32>>; // [channels, batches, slices]
@group(0) @binding(2) var<storage, read> info: Info;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let batch = id.x / info.slices;
    let slice = id.x - batch * info.slices;
    let channel = id.y;
    if batch >= info.batches {
        return;
    }
    // With squares of the pixels themselves, a small variance would be lost to rounding.
    let anchor = select(0.0, x[channel * info.pixels + info.pixels / 2u], info.anchored == 1u);
    var sum = 0.0;
    var squares = 0.0;
    for (var image = batch; image < info.images; image += info.batches) {
        let start = (image * info.channels + channel) * info.pixels;
        for (var pixel = slice; pixel < info.pixels; pixel += info.slices) {
            let difference = x[start + pixel] - anchor;
            sum += difference;
            squares += difference * difference;
        }
    }
    partial[(channel * info.batches + batch) * info.slices + slice] = vec2<f32>(sum, squares);
}
