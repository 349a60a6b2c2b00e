// Sums over some of a channel's numbers, from which `norm_totals.wgsl` takes mean and variance; many invocations per channel, as no
// single group would fill a GPU: reads 4 bytes and takes 4 operations per number.

struct Info {
    pictures: u32,
    channels: u32,
    pixels: u32,
    slices: u32,   // of the pixels, each taken by an invocation of its own
    batches: u32,  // of the pictures, likewise
    anchored: u32, // 0: plain sums, as the gradient of a bias is one
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [pictures, channels, pixels]
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
    // Differences from one of the numbers: squares of the numbers themselves would lose a small variance.
    let anchor = select(0.0, x[channel * info.pixels + info.pixels / 2u], info.anchored == 1u);
    var sum = 0.0;
    var squares = 0.0;
    for (var picture = batch; picture < info.pictures; picture += info.batches) {
        let start = (picture * info.channels + channel) * info.pixels;
        for (var pixel = slice; pixel < info.pixels; pixel += info.slices) {
            let difference = x[start + pixel] - anchor;
            sum += difference;
            squares += difference * difference;
        }
    }
    partial[(channel * info.batches + batch) * info.slices + slice] = vec2<f32>(sum, squares);
}
