// Adam (Kingma & Ba 2015, algorithm 1) on one to three parameters, in place: about 12 N operations, 28 N bytes.

#element
@group(0) @binding(_) var<storage, read_write> moments: array<Element>; // [2 N]: first moments of all parameters, then second moments
@group(0) @binding(_) var<storage, read_write> value0: array<Element>;
@group(0) @binding(_) var<storage, read> gradient0: array<Element>;
#if two
@group(0) @binding(_) var<storage, read_write> value1: array<Element>;
@group(0) @binding(_) var<storage, read> gradient1: array<Element>;
#end
#if three
@group(0) @binding(_) var<storage, read_write> value2: array<Element>;
@group(0) @binding(_) var<storage, read> gradient2: array<Element>;
#end
@group(0) @binding(_) var<storage, read> sizes: array<u32>; // bits of step size, epsilon and gradient factor; N and where each parameter ends, in Elements

const BETA_1 = {{ adam_beta_1 }};
const BETA_2 = {{ adam_beta_2 }};

/// Updates the moments of an Element and returns what is subtracted from its value.
fn change(at: u32, size: u32, gradient: Element) -> Element {
    let scaled = gradient * bitcast<f32>(sizes[2]);
    let first = BETA_1 * moments[at] + (1.0 - BETA_1) * scaled;
    let second = BETA_2 * moments[size + at] + (1.0 - BETA_2) * scaled * scaled;
    moments[at] = first;
    moments[size + at] = second;
    return bitcast<f32>(sizes[0]) * first / (sqrt(second) + bitcast<f32>(sizes[1]));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let size = sizes[3];
    let at = id.x + id.y * groups.x * 64u;
    if at < sizes[4] {
        value0[at] -= change(at, size, gradient0[at]);
    }
    #if two
    else if at < sizes[5] {
        let index = at - sizes[4];
        value1[index] -= change(at, size, gradient1[index]);
    }
    #end
    #if three
    else if at < sizes[6] {
        let index = at - sizes[5];
        value2[index] -= change(at, size, gradient2[index]);
    }
    #end
}
