// Winograd's input transform F(4 x 4, 3 x 3) (Lavin & Gray 2015, arXiv 1509.09308): images, cut into tiles of 4 x 4 pixels,
// to the 36 planes in which a 3 x 3 convolution is one matrix product per plane. Reads 9 bytes, writes 9 and takes about 10
// operations per pixel.

struct Info {
    channels: u32,
    height: u32,
    width: u32,
    tiles_down: u32,
    tiles_across: u32,
    tiles: u32,         // of all images in the range
    plane_stride: u32,  // of the planes, in elements, as the next two
    channel_stride: u32,
    tile_stride: u32,
    start: u32,         // the first element of the range
    tile_alone: u32,    // 0: the 6 x 6 pixels around each tile, of an input; 1: the tile alone, of the gradient of an output
}

@group(0) @binding(0) var<storage, read> images: array<f32>; // [B, channels, height, width]
@group(0) @binding(1) var<storage, read_write> planes: array<f32>; // [36, channels, tiles] or [36, tiles, channels]
@group(0) @binding(2) var<storage, read> info: Info;

/// Three columns of six rows.
struct Half {
    a: vec3<f32>,
    b: vec3<f32>,
    c: vec3<f32>,
    d: vec3<f32>,
    e: vec3<f32>,
    f: vec3<f32>,
}

fn load_row(start: u32, y: u32, inside: vec3<bool>) -> vec3<f32> {
    let at = start + y * info.width;
    let values = vec3<f32>(images[at], images[at + 1u], images[at + 2u]);
    return select(vec3<f32>(), values, inside & vec3<bool>(y < info.height));
}

fn load_half(start: u32, y: u32, x: u32) -> Half {
    // A row above or a column left of the image wraps to a large u32, so one comparison finds all that is outside.
    let inside = vec3<u32>(x, x + 1u, x + 2u) < vec3<u32>(info.width);
    let at = start + x;
    return Half(load_row(at, y, inside), load_row(at, y + 1u, inside), load_row(at, y + 2u, inside), load_row(at, y + 3u, inside),
        load_row(at, y + 4u, inside), load_row(at, y + 5u, inside));
}

/// B^T d of an input, or A dy of the first four rows of a gradient.
fn transform(h: Half) -> Half {
    if info.tile_alone == 1u {
        let even = h.a + h.c;
        let odd = h.b + h.d;
        let far_even = h.a + 4.0 * h.c;
        let far_odd = 2.0 * h.b + 8.0 * h.d;
        return Half(h.a, even + odd, even - odd, far_even + far_odd, far_even - far_odd, h.d);
    }
    // Differences first: they are exactly zero in a constant area, so equal pixels stay equal and max pooling breaks ties
    // as on the CPU.
    let even = h.e - 4.0 * h.c;
    let odd = h.d - 4.0 * h.b;
    let far_even = h.e - h.c;
    let far_odd = 2.0 * (h.d - h.b);
    return Half(4.0 * (h.a - h.c) + far_even, even + odd, even - odd, far_even + far_odd, far_even - far_odd,
        4.0 * (h.b - h.d) + (h.f - h.d));
}

/// Three columns of the transpose.
fn transpose_half(a: vec3<f32>, b: vec3<f32>, c: vec3<f32>, d: vec3<f32>, e: vec3<f32>, f: vec3<f32>) -> Half {
    return Half(vec3<f32>(a.x, b.x, c.x), vec3<f32>(a.y, b.y, c.y), vec3<f32>(a.z, b.z, c.z),
        vec3<f32>(d.x, e.x, f.x), vec3<f32>(d.y, e.y, f.y), vec3<f32>(d.z, e.z, f.z));
}

fn store_column(first: u32, values: vec3<f32>) {
    planes[first] = values.x;
    planes[first + 6u * info.plane_stride] = values.y;
    planes[first + 12u * info.plane_stride] = values.z;
}

fn store(first: u32, h: Half) {
    let stride = info.plane_stride;
    store_column(first, h.a);
    store_column(first + stride, h.b);
    store_column(first + 2u * stride, h.c);
    store_column(first + 3u * stride, h.d);
    store_column(first + 4u * stride, h.e);
    store_column(first + 5u * stride, h.f);
}

@compute @workgroup_size(32, 2, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let tile = id.x;
    let channel = id.y;
    if tile >= info.tiles || channel >= info.channels {
        return;
    }
    let rest = tile / info.tiles_across;
    let across = tile - rest * info.tiles_across;
    let image = rest / info.tiles_down;
    let down = rest - image * info.tiles_down;
    let image_start = info.start + (image * info.channels + channel) * info.height * info.width;
    let margin = 1u - info.tile_alone;
    let y = down * 4u - margin;
    let x = across * 4u - margin;
    let left = transform(load_half(image_start, y, x));
    let right = transform(load_half(image_start, y, x + 3u));
    let first = channel * info.channel_stride + tile * info.tile_stride;
    store(first, transform(transpose_half(left.a, left.b, left.c, right.a, right.b, right.c)));
    store(first + 18u * info.plane_stride, transform(transpose_half(left.d, left.e, left.f, right.d, right.e, right.f)));
}
