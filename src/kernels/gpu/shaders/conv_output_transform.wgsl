// Winograd's output transform: the products in the 36 planes of `conv_input_transform.wgsl` to images, a tile of 4 x 4
// pixels per invocation. Reads 9 bytes, writes 4 and takes about 9 operations per pixel.

struct Info {
    channels: u32,
    height: u32,
    width: u32,
    tiles_down: u32,
    tiles_across: u32,
    tiles: u32,         // of all images in the range
    plane_stride: u32,  // of the planes, in elements, as the next
    channel_stride: u32,
    start: u32,         // the first element of the range
}

@group(0) @binding(0) var<storage, read> planes: array<f32>; // [36, channels, tiles]
@group(0) @binding(1) var<storage, read_write> images: array<f32>; // [B, channels, height, width]
@group(0) @binding(2) var<storage, read> info: Info;

/// A^T m for one column.
fn transform(m: array<f32, 6>) -> array<f32, 4> {
    let sum_1 = m[1] + m[2];
    let difference_1 = m[1] - m[2];
    let sum_2 = m[3] + m[4];
    let difference_2 = m[3] - m[4];
    return array<f32, 4>(m[0] + sum_1 + sum_2, difference_1 + 2.0 * difference_2, sum_1 + 4.0 * sum_2, difference_1 + 8.0 * difference_2 + m[5]);
}

fn column(first: u32) -> array<f32, 4> {
    let stride = 6u * info.plane_stride;
    return transform(array<f32, 6>(planes[first], planes[first + stride], planes[first + 2u * stride],
        planes[first + 3u * stride], planes[first + 4u * stride], planes[first + 5u * stride]));
}

fn store(image: u32, y: u32, x: u32, values: array<f32, 4>) {
    if y < info.height {
        let first = image + y * info.width + x;
        images[first] = values[0];
        if x + 1u < info.width { images[first + 1u] = values[1]; }
        if x + 2u < info.width { images[first + 2u] = values[2]; }
        if x + 3u < info.width { images[first + 3u] = values[3]; }
    }
}

@compute @workgroup_size(32, 2, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let tile = id.x;
    let channel = id.y;
    if tile >= info.tiles || channel >= info.channels {
        return;
    }
    let first = channel * info.channel_stride + tile;
    let a = column(first);
    let b = column(first + info.plane_stride);
    let c = column(first + 2u * info.plane_stride);
    let d = column(first + 3u * info.plane_stride);
    let e = column(first + 4u * info.plane_stride);
    let f = column(first + 5u * info.plane_stride);
    let x = tile % info.tiles_across * 4u;
    let rest = tile / info.tiles_across;
    let image = info.start + (rest / info.tiles_down * info.channels + channel) * info.height * info.width;
    let y = rest % info.tiles_down * 4u;
    store(image, y, x, transform(array<f32, 6>(a[0], b[0], c[0], d[0], e[0], f[0])));
    store(image, y + 1u, x, transform(array<f32, 6>(a[1], b[1], c[1], d[1], e[1], f[1])));
    store(image, y + 2u, x, transform(array<f32, 6>(a[2], b[2], c[2], d[2], e[2], f[2])));
    store(image, y + 3u, x, transform(array<f32, 6>(a[3], b[3], c[3], d[3], e[3], f[3])));
}
