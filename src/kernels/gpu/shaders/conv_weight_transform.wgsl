// Winograd's weight transform: 3 x 3 kernels to the 36 planes of `conv_input_transform.wgsl`. Reads 36 bytes, writes 144
// and takes about 100 operations per pair of channels.

struct Info {
    outputs: u32,
    inputs: u32,
    plane_stride: u32,  // of the planes, in elements, as the next two
    output_stride: u32,
    input_stride: u32,
    rotated: u32,       // 1: the kernel rotated by 180 degrees, for the gradient of the input
}

@group(0) @binding(0) var<storage, read> weight: array<f32>; // [outputs, inputs, 3, 3]
@group(0) @binding(1) var<storage, read_write> planes: array<f32>; // [36, inputs, outputs] or [36, outputs, inputs]
@group(0) @binding(2) var<storage, read> info: Info;

/// G g for one column.
fn transform(g: array<f32, 3>) -> array<f32, 6> {
    let ends = (g[0] + g[2]) / 6.0;
    let middle = g[1] / 6.0;
    let far_ends = g[0] / 24.0 + g[2] / 6.0;
    let far_middle = g[1] / 12.0;
    return array<f32, 6>(g[0] / 4.0, -ends - middle, middle - ends, far_ends + far_middle, far_ends - far_middle, g[2]);
}

fn store(first: u32, values: array<f32, 6>) {
    let stride = info.plane_stride;
    planes[first] = values[0];
    planes[first + stride] = values[1];
    planes[first + 2u * stride] = values[2];
    planes[first + 3u * stride] = values[3];
    planes[first + 4u * stride] = values[4];
    planes[first + 5u * stride] = values[5];
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let output = id.x;
    let input = id.y;
    if output >= info.outputs || input >= info.inputs {
        return;
    }
    let kernel = (output * info.inputs + input) * 9u;
    let start = kernel + 8u * info.rotated;
    let step = 1u - 2u * info.rotated; // 1 - 2 wraps to the largest u32; adding it subtracts one
    let a = transform(array<f32, 3>(weight[start], weight[start + 3u * step], weight[start + 6u * step]));
    let b = transform(array<f32, 3>(weight[start + step], weight[start + 4u * step], weight[start + 7u * step]));
    let c = transform(array<f32, 3>(weight[start + 2u * step], weight[start + 5u * step], weight[start + 8u * step]));
    let first = output * info.output_stride + input * info.input_stride;
    let six = 6u * info.plane_stride;
    store(first, transform(array<f32, 3>(a[0], b[0], c[0])));
    store(first + six, transform(array<f32, 3>(a[1], b[1], c[1])));
    store(first + 2u * six, transform(array<f32, 3>(a[2], b[2], c[2])));
    store(first + 3u * six, transform(array<f32, 3>(a[3], b[3], c[3])));
    store(first + 4u * six, transform(array<f32, 3>(a[4], b[4], c[4])));
    store(first + 5u * six, transform(array<f32, 3>(a[5], b[5], c[5])));
}
