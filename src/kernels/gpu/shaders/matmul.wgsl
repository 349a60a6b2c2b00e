// Matrix products C = A^T B, one per plane. An invocation computes a tile of ROWS rows and 4 columns, four steps of depth at a time; quads share
// the loads of A: per step it reads ROWS + 16 bytes (without subgroups 4 ROWS + 16) and takes 8 ROWS operations. The depth is the outer axis of A
// and B, so that both are read four numbers at a time.

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

#tile

fn store(first: u32, row: u32, values: vec4<f32>) {
    if row < info.rows { c[first + row * info.c_stride] = values; }
}

@compute @workgroup_size(ACROSS * GROUP_ROWS / ROWS)
fn main(
    #subgroup_id
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) member: u32,
) {
    let product = group.y / info.groups_down;
    let row = (group.y - product * info.groups_down) * GROUP_ROWS + member / ACROSS * ROWS;
    let vector = (group.x + group.z * groups.x) * ACROSS + member % ACROSS;
    let column = min(vector, info.columns - 1u);
    let plane = product / info.parts;
    let part = product - plane * info.parts;
    let start = part * info.part_depth;
    let end = min(start + info.part_depth, info.depth);
    let a_stride = info.a_stride;
    let b_stride = info.b_stride;
    let at_a = plane * info.a_plane + min(row, (info.rows - 1u) / ROWS * ROWS) / 4u;
    let at_b = plane * info.b_plane + column / info.b_group * info.b_group_stride + column % info.b_group;

    #lanes
    #repeat rows var s@ = vec4<f32>();
    for (var k = start; k < end; k += 4u) {
        #repeat 4 let b@ = b[at_b + min(k + lane0_@, end - 1u) * b_stride];
        let b_columns = transpose(mat4x4(b0, b1, b2, b3));
        #each vector
        #quad a@ = a_vec4(at_a + @u, k + lane, end, a_stride)
        let a@ = transpose(mat4x4(a@_0, a@_1, a@_2, a@_3));
        s@_0 += a@[0] * b_columns;
        s@_1 += a@[1] * b_columns;
        s@_2 += a@[2] * b_columns;
        s@_3 += a@[3] * b_columns;
        #end
    }
    if vector >= info.columns { return; }
    let first = info.c_start + plane * info.c_plane + part * info.c_part + column / info.c_group * info.c_group_stride + column % info.c_group;
    #each vector
    store(first, row + 4u * @u, s@_0);
    store(first, row + 4u * @u + 1u, s@_1);
    store(first, row + 4u * @u + 2u, s@_2);
    store(first, row + 4u * @u + 3u, s@_3);
    #end
}

/// Four rows of A at a step of depth, zero beyond the end.
fn a_vec4(at: u32, k: u32, end: u32, a_stride: u32) -> vec4<f32> {
    let values = a[at + min(k, end - 1u) * a_stride];
    return select(vec4<f32>(), values, k < end);
}
