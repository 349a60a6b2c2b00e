// Matrix products C = A^T B, one per plane, each invocation with 8 x 8 sums in registers: reads 64 bytes and takes 128 operations
// per invocation and number summed over. A and B lie with what is summed over outermost, so that both are read in fours.

struct Info {
    rows: u32,
    groups_down: u32, // workgroups for the rows of one C
    columns: u32,  // in fours, as are all that follow but `depth`, `chunk` and `parts`
    depth: u32,    // numbers summed over
    chunk: u32,    // of them in each part
    parts: u32,    // parts of the sum, each with a C of its own
    a_plane: u32,
    a_stride: u32,
    b_plane: u32,
    b_stride: u32,
    b_inner: u32,  // columns that lie together, and how far it is to the next such group
    b_outer: u32,
    c_start: u32,
    c_plane: u32,
    c_part: u32,
    c_stride: u32,
    c_inner: u32,
    c_outer: u32,
}

@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>; // [planes, depth, rows]
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>; // [planes, depth, columns], or [groups, depth, columns of one]
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f32>>; // [planes, parts, rows, columns], or [groups, rows, columns of one]
@group(0) @binding(3) var<storage, read> info: Info;

fn put(first: u32, second: u32, row: u32, both: bool, left: vec4<f32>, right: vec4<f32>) {
    if row < info.rows {
        c[first + row * info.c_stride] = left;
        if both {
            c[second + row * info.c_stride] = right;
        }
    }
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) member: vec3<u32>) {
    let product = group.y / info.groups_down;
    let row = ((group.y - product * info.groups_down) * 8u + member.y) * 8u;
    let column = (group.x * 8u + member.x) * 2u;
    if row >= info.rows || column >= info.columns {
        return;
    }
    let both = column + 1u < info.columns;
    let next = select(column, column + 1u, both);
    let plane = product / info.parts;
    let part = product - plane * info.parts;
    let start = part * info.chunk;
    let end = min(start + info.chunk, info.depth);
    var at_a = plane * info.a_plane + start * info.a_stride + row / 4u;
    let b_start = plane * info.b_plane + start * info.b_stride;
    var at_b = b_start + column / info.b_inner * info.b_outer + column % info.b_inner;
    var at_next = b_start + next / info.b_inner * info.b_outer + next % info.b_inner;
    var c0 = vec4<f32>();
    var d0 = vec4<f32>();
    var c1 = vec4<f32>();
    var d1 = vec4<f32>();
    var c2 = vec4<f32>();
    var d2 = vec4<f32>();
    var c3 = vec4<f32>();
    var d3 = vec4<f32>();
    var c4 = vec4<f32>();
    var d4 = vec4<f32>();
    var c5 = vec4<f32>();
    var d5 = vec4<f32>();
    var c6 = vec4<f32>();
    var d6 = vec4<f32>();
    var c7 = vec4<f32>();
    var d7 = vec4<f32>();
    // Two turns at once: on a software adapter each round of the loop copies all sums.
    for (var k = start; k < end; k += 2u) {
        var a0 = a[at_a];
        var a1 = a[at_a + 1u];
        var b0 = b[at_b];
        var b1 = b[at_next];
        c0 += a0.x * b0;
        d0 += a0.x * b1;
        c1 += a0.y * b0;
        d1 += a0.y * b1;
        c2 += a0.z * b0;
        d2 += a0.z * b1;
        c3 += a0.w * b0;
        d3 += a0.w * b1;
        c4 += a1.x * b0;
        d4 += a1.x * b1;
        c5 += a1.y * b0;
        d5 += a1.y * b1;
        c6 += a1.z * b0;
        d6 += a1.z * b1;
        c7 += a1.w * b0;
        d7 += a1.w * b1;
        let again = k + 1u < end;
        let a_step = select(0u, info.a_stride, again);
        let b_step = select(0u, info.b_stride, again);
        a0 = select(vec4<f32>(), a[at_a + a_step], again);
        a1 = select(vec4<f32>(), a[at_a + a_step + 1u], again);
        b0 = b[at_b + b_step];
        b1 = b[at_next + b_step];
        c0 += a0.x * b0;
        d0 += a0.x * b1;
        c1 += a0.y * b0;
        d1 += a0.y * b1;
        c2 += a0.z * b0;
        d2 += a0.z * b1;
        c3 += a0.w * b0;
        d3 += a0.w * b1;
        c4 += a1.x * b0;
        d4 += a1.x * b1;
        c5 += a1.y * b0;
        d5 += a1.y * b1;
        c6 += a1.z * b0;
        d6 += a1.z * b1;
        c7 += a1.w * b0;
        d7 += a1.w * b1;
        at_a += 2u * info.a_stride;
        at_b += 2u * info.b_stride;
        at_next += 2u * info.b_stride;
    }
    let c_start = info.c_start + plane * info.c_plane + part * info.c_part;
    let first = c_start + column / info.c_inner * info.c_outer + column % info.c_inner;
    let second = c_start + next / info.c_inner * info.c_outer + next % info.c_inner;
    put(first, second, row + 0u, both, c0, d0);
    put(first, second, row + 1u, both, c1, d1);
    put(first, second, row + 2u, both, c2, d2);
    put(first, second, row + 3u, both, c3, d3);
    put(first, second, row + 4u, both, c4, d4);
    put(first, second, row + 5u, both, c5, d5);
    put(first, second, row + 6u, both, c6, d6);
    put(first, second, row + 7u, both, c7, d7);
}
