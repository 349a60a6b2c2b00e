// Matrix products C = A^T B, one per plane, with 8 x 8 sums in registers per invocation: reads 64 bytes and takes 128
// operations per invocation and step of depth. The depth is the outer axis of A and B, so that both are read four numbers
// at a time.

struct Info {
    rows: u32,
    groups_down: u32, // workgroups for the rows of one C
    columns: u32,  // in vectors of four numbers, like all sizes below except `depth`, `part_depth` and `parts`
    depth: u32,    // the numbers that are summed
    part_depth: u32,
    parts: u32,    // parts of the depth, each with a C of its own
    a_plane: u32,
    a_stride: u32,
    b_plane: u32,
    b_stride: u32,
    b_group: u32,  // columns that are contiguous
    b_group_stride: u32,
    c_start: u32,
    c_plane: u32,
    c_part: u32,
    c_stride: u32,
    c_group: u32,
    c_group_stride: u32,
}

@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>; // [planes, depth, rows]
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>; // [planes, depth, columns], or [groups, depth, group]
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f32>>; // [planes, parts, rows, columns], or [groups, rows, group]
@group(0) @binding(3) var<storage, read> info: Info;

fn store(first: u32, second: u32, row: u32, both: bool, left: vec4<f32>, right: vec4<f32>) {
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
    let start = part * info.part_depth;
    let end = min(start + info.part_depth, info.depth);
    var at_a = plane * info.a_plane + start * info.a_stride + row / 4u;
    let b_start = plane * info.b_plane + start * info.b_stride;
    var at_b = b_start + column / info.b_group * info.b_group_stride + column % info.b_group;
    var at_next = b_start + next / info.b_group * info.b_group_stride + next % info.b_group;
    // Rows 0 to 3 of the tile in c (left half) and d (right half), rows 4 to 7 in e and f.
    #repeat 4 var c@ = vec4<f32>(); var d@ = vec4<f32>();
    #repeat 4 var e@ = vec4<f32>(); var f@ = vec4<f32>();
    // Two steps per iteration: a software adapter copies all sums in each one.
    for (var k = start; k < end; k += 2u) {
        var a0 = a[at_a];
        var a1 = a[at_a + 1u];
        var b0 = b[at_b];
        var b1 = b[at_next];
        #repeat 4 c@ += a0[@] * b0; d@ += a0[@] * b1;
        #repeat 4 e@ += a1[@] * b0; f@ += a1[@] * b1;
        let again = k + 1u < end;
        let a_step = select(0u, info.a_stride, again);
        let b_step = select(0u, info.b_stride, again);
        a0 = select(vec4<f32>(), a[at_a + a_step], again);
        a1 = select(vec4<f32>(), a[at_a + a_step + 1u], again);
        b0 = b[at_b + b_step];
        b1 = b[at_next + b_step];
        #repeat 4 c@ += a0[@] * b0; d@ += a0[@] * b1;
        #repeat 4 e@ += a1[@] * b0; f@ += a1[@] * b1;
        at_a += 2u * info.a_stride;
        at_b += 2u * info.b_stride;
        at_next += 2u * info.b_stride;
    }
    let c_start = info.c_start + plane * info.c_plane + part * info.c_part;
    let first = c_start + column / info.c_group * info.c_group_stride + column % info.c_group;
    let second = c_start + next / info.c_group * info.c_group_stride + next % info.c_group;
    #repeat 4 store(first, second, row + @u, both, c@, d@);
    #repeat 4 store(first, second, row + 4u + @u, both, e@, f@);
}
