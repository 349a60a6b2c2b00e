// Pictures cut into tiles of 4 x 4 and carried into the 36 planes in which a 3 x 3 convolution is a product per plane
// (Lavin & Gray 2015, arXiv 1509.09308, F(4 x 4, 3 x 3)): reads each pixel up to 2.25 times, writes 9 bytes and takes about 9
// operations per byte of picture.

struct Info {
    channels: u32,
    height: u32,
    width: u32,
    tiles_down: u32,
    tiles_across: u32,
    tiles: u32,         // of all pictures
    plane_stride: u32,  // in the planes, in numbers, as the next two
    channel_stride: u32,
    tile_stride: u32,
    blocks: u32,        // 0: patches of 6 x 6 around each tile (what is convolved); 1: the tiles alone (gradients of outputs)
}

@group(0) @binding(0) var<storage, read> pictures: array<f32>; // [B, channels, height, width]
@group(0) @binding(1) var<storage, read_write> planes: array<f32>; // [36, channels, tiles] or [36, tiles, channels]
@group(0) @binding(2) var<storage, read> info: Info;

fn pixel(picture: u32, y: u32, x: u32) -> f32 {
    // One above or left of the picture is, in u32, far below or right of it.
    return select(0.0, pictures[picture + y * info.width + x], y < info.height && x < info.width);
}

fn row(picture: u32, y: u32, x: u32) -> array<f32, 6> {
    return array<f32, 6>(pixel(picture, y, x), pixel(picture, y, x + 1u), pixel(picture, y, x + 2u),
        pixel(picture, y, x + 3u), pixel(picture, y, x + 4u), pixel(picture, y, x + 5u));
}

/// B^T d for a patch, A y for the first four of a block.
fn carry(d: array<f32, 6>) -> array<f32, 6> {
    if info.blocks == 1u {
        let even = d[0] + d[2];
        let odd = d[1] + d[3];
        let far_even = d[0] + 4.0 * d[2];
        let far_odd = 2.0 * d[1] + 8.0 * d[3];
        return array<f32, 6>(d[0], even + odd, even - odd, far_even + far_odd, far_even - far_odd, d[3]);
    }
    let even = d[4] - 4.0 * d[2];
    let odd = d[3] - 4.0 * d[1];
    let far_even = d[4] - d[2];
    let far_odd = 2.0 * (d[3] - d[1]);
    return array<f32, 6>(4.0 * d[0] - 5.0 * d[2] + d[4], even + odd, even - odd, far_even + far_odd, far_even - far_odd,
        4.0 * d[1] - 5.0 * d[3] + d[5]);
}

fn put(first: u32, values: array<f32, 6>) {
    let stride = info.plane_stride;
    planes[first] = values[0];
    planes[first + stride] = values[1];
    planes[first + 2u * stride] = values[2];
    planes[first + 3u * stride] = values[3];
    planes[first + 4u * stride] = values[4];
    planes[first + 5u * stride] = values[5];
}

@compute @workgroup_size(32, 2, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let tile = id.x;
    let channel = id.y;
    if tile >= info.tiles || channel >= info.channels {
        return;
    }
    let across = tile % info.tiles_across;
    let rest = tile / info.tiles_across;
    let picture = (rest / info.tiles_down * info.channels + channel) * info.height * info.width;
    let margin = 1u - info.blocks;
    let y = rest % info.tiles_down * 4u - margin;
    let x = across * 4u - margin;
    let a = row(picture, y, x);
    let b = row(picture, y + 1u, x);
    let c = row(picture, y + 2u, x);
    let d = row(picture, y + 3u, x);
    let e = row(picture, y + 4u, x);
    let f = row(picture, y + 5u, x);
    let u = carry(array<f32, 6>(a[0], b[0], c[0], d[0], e[0], f[0]));
    let v = carry(array<f32, 6>(a[1], b[1], c[1], d[1], e[1], f[1]));
    let w = carry(array<f32, 6>(a[2], b[2], c[2], d[2], e[2], f[2]));
    let p = carry(array<f32, 6>(a[3], b[3], c[3], d[3], e[3], f[3]));
    let q = carry(array<f32, 6>(a[4], b[4], c[4], d[4], e[4], f[4]));
    let r = carry(array<f32, 6>(a[5], b[5], c[5], d[5], e[5], f[5]));
    let first = channel * info.channel_stride + tile * info.tile_stride;
    let six = 6u * info.plane_stride;
    put(first, carry(array<f32, 6>(u[0], v[0], w[0], p[0], q[0], r[0])));
    put(first + six, carry(array<f32, 6>(u[1], v[1], w[1], p[1], q[1], r[1])));
    put(first + 2u * six, carry(array<f32, 6>(u[2], v[2], w[2], p[2], q[2], r[2])));
    put(first + 3u * six, carry(array<f32, 6>(u[3], v[3], w[3], p[3], q[3], r[3])));
    put(first + 4u * six, carry(array<f32, 6>(u[4], v[4], w[4], p[4], q[4], r[4])));
    put(first + 5u * six, carry(array<f32, 6>(u[5], v[5], w[5], p[5], q[5], r[5])));
}
