// Winograd's transform of a weight's gradient: the products in the 36 planes of `conv_input_transform.wgsl` to 3 x 3
// kernels, summed over the parts of a split product. Reads 144 bytes per part, writes 36 and takes about 100 operations per
// pair of channels.

struct Info {
    outputs: u32,
    inputs: u32,
    parts: u32,
    plane_stride: u32, // of the planes, in elements, as the next two
    part_stride: u32,
    input_stride: u32,
}

@group(0) @binding(0) var<storage, read> planes: array<f32>; // [36, parts, inputs, outputs]
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>; // [outputs, inputs, 3, 3]
@group(0) @binding(2) var<storage, read> info: Info;

/// G^T u for one column.
fn transform(u: array<f32, 6>) -> array<f32, 3> {
    let near = (u[1] + u[2]) / 6.0;
    let far = (u[3] + u[4]) / 6.0;
    return array<f32, 3>(u[0] / 4.0 - near + far / 4.0, (u[2] - u[1]) / 6.0 + (u[3] - u[4]) / 12.0, far - near + u[5]);
}

fn column(first: u32) -> array<f32, 3> {
    let stride = 6u * info.plane_stride;
    return transform(array<f32, 6>(planes[first], planes[first + stride], planes[first + 2u * stride],
        planes[first + 3u * stride], planes[first + 4u * stride], planes[first + 5u * stride]));
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let output = id.x;
    let input = id.y;
    if output >= info.outputs || input >= info.inputs {
        return;
    }
    var first = input * info.input_stride + output;
    var top = vec3<f32>();
    var middle = vec3<f32>();
    var bottom = vec3<f32>();
    for (var part = 0u; part < info.parts; part++) {
        let a = column(first);
        let b = column(first + info.plane_stride);
        let c = column(first + 2u * info.plane_stride);
        let d = column(first + 3u * info.plane_stride);
        let e = column(first + 4u * info.plane_stride);
        let f = column(first + 5u * info.plane_stride);
        let g = transform(array<f32, 6>(a[0], b[0], c[0], d[0], e[0], f[0]));
        let h = transform(array<f32, 6>(a[1], b[1], c[1], d[1], e[1], f[1]));
        let i = transform(array<f32, 6>(a[2], b[2], c[2], d[2], e[2], f[2]));
        top += vec3<f32>(g[0], g[1], g[2]);
        middle += vec3<f32>(h[0], h[1], h[2]);
        bottom += vec3<f32>(i[0], i[1], i[2]);
        first += info.part_stride;
    }
    let kernel = (output * info.inputs + input) * 9u;
    gradient[kernel] = top.x;
    gradient[kernel + 1u] = top.y;
    gradient[kernel + 2u] = top.z;
    gradient[kernel + 3u] = middle.x;
    gradient[kernel + 4u] = middle.y;
    gradient[kernel + 5u] = middle.z;
    gradient[kernel + 6u] = bottom.x;
    gradient[kernel + 7u] = bottom.y;
    gradient[kernel + 8u] = bottom.z;
}
