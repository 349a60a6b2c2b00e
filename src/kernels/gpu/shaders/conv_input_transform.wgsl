// Pictures cut into tiles of 4 x 4 and carried into the 36 planes in which a 3 x 3 convolution is a product per plane
// (Lavin & Gray 2015, arXiv 1509.09308, F(4 x 4, 3 x 3)): reads 9 bytes, writes 9 and takes about 10 operations per pixel.

struct Info {
    channels: u32,
    height: u32,
    width: u32,
    tiles_down: u32,
    tiles_across: u32,
    tiles: u32,         // of all pictures taken
    plane_stride: u32,  // in the planes, in numbers, as the next two
    channel_stride: u32,
    tile_stride: u32,
    start: u32,         // where the first picture taken begins
    blocks: u32,        // 0: patches of 6 x 6 around each tile (what is convolved); 1: the tiles alone (gradients of outputs)
}

@group(0) @binding(0) var<storage, read> pictures: array<f32>; // [B, channels, height, width]
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

fn three(start: u32, y: u32, inside: vec3<bool>) -> vec3<f32> {
    let at = start + y * info.width;
    let values = vec3<f32>(pictures[at], pictures[at + 1u], pictures[at + 2u]);
    return select(vec3<f32>(), values, inside & vec3<bool>(y < info.height));
}

fn half(start: u32, y: u32, x: u32) -> Half {
    // One above or left of the picture is, in u32, far below or right of it.
    let inside = vec3<u32>(x, x + 1u, x + 2u) < vec3<u32>(info.width);
    let at = start + x;
    return Half(three(at, y, inside), three(at, y + 1u, inside), three(at, y + 2u, inside), three(at, y + 3u, inside),
        three(at, y + 4u, inside), three(at, y + 5u, inside));
}

/// B^T d for patches, A y for the first four of blocks.
fn carry(h: Half) -> Half {
    if info.blocks == 1u {
        let even = h.a + h.c;
        let odd = h.b + h.d;
        let far_even = h.a + 4.0 * h.c;
        let far_odd = 2.0 * h.b + 8.0 * h.d;
        return Half(h.a, even + odd, even - odd, far_even + far_odd, far_even - far_odd, h.d);
    }
    // Differences first: of equal numbers they are zero, and what is equal stays so, for which pooling has a rule.
    let even = h.e - 4.0 * h.c;
    let odd = h.d - 4.0 * h.b;
    let far_even = h.e - h.c;
    let far_odd = 2.0 * (h.d - h.b);
    return Half(4.0 * (h.a - h.c) + far_even, even + odd, even - odd, far_even + far_odd, far_even - far_odd,
        4.0 * (h.b - h.d) + (h.f - h.d));
}

/// The three rows that become columns.
fn turned(a: vec3<f32>, b: vec3<f32>, c: vec3<f32>, d: vec3<f32>, e: vec3<f32>, f: vec3<f32>) -> Half {
    return Half(vec3<f32>(a.x, b.x, c.x), vec3<f32>(a.y, b.y, c.y), vec3<f32>(a.z, b.z, c.z),
        vec3<f32>(d.x, e.x, f.x), vec3<f32>(d.y, e.y, f.y), vec3<f32>(d.z, e.z, f.z));
}

fn three_rows(first: u32, values: vec3<f32>) {
    planes[first] = values.x;
    planes[first + 6u * info.plane_stride] = values.y;
    planes[first + 12u * info.plane_stride] = values.z;
}

fn put(first: u32, h: Half) {
    let stride = info.plane_stride;
    three_rows(first, h.a);
    three_rows(first + stride, h.b);
    three_rows(first + 2u * stride, h.c);
    three_rows(first + 3u * stride, h.d);
    three_rows(first + 4u * stride, h.e);
    three_rows(first + 5u * stride, h.f);
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
    let picture = info.start + (image * info.channels + channel) * info.height * info.width;
    let margin = 1u - info.blocks;
    let y = down * 4u - margin;
    let x = across * 4u - margin;
    let left = carry(half(picture, y, x));
    let right = carry(half(picture, y, x + 3u));
    let first = channel * info.channel_stride + tile * info.tile_stride;
    put(first, carry(turned(left.a, left.b, left.c, right.a, right.b, right.c)));
    put(first + 18u * info.plane_stride, carry(turned(left.d, left.e, left.f, right.d, right.e, right.f)));
}
