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
@group(0) @binding(_) var<storage, read> info: Info;

struct Info {
    step_size: f32,
    epsilon: f32,
    gradient_factor: f32,
    size: u32, // N, in Elements, as the next
    end0: u32, // of each parameter among the moments
    end1: u32,
    end2: u32,
}

const BETA_1 = {{ adam_beta_1 }};
const BETA_2 = {{ adam_beta_2 }};

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let size = info.size;
    let at = id.x + id.z * groups.x * 256u;
    if at >= size { return; }
    // A software adapter takes every branch, and masks what it writes there: only what differs among the parameters is in one.
    var gradient: Element;
    if at < info.end0 { gradient = gradient0[at]; }
    #if two
    else if at < info.end1 { gradient = gradient1[at - info.end0]; }
    #end
    #if three
    else { gradient = gradient2[at - info.end1]; }
    #end
    let scaled = gradient * info.gradient_factor;
    let first = BETA_1 * moments[at] + (1.0 - BETA_1) * scaled;
    let second = BETA_2 * moments[size + at] + (1.0 - BETA_2) * scaled * scaled;
    moments[at] = first;
    moments[size + at] = second;
    let change = info.step_size * first / (sqrt(second) + info.epsilon);
    if at < info.end0 { value0[at] -= change; }
    #if two
    else if at < info.end1 { value1[at - info.end0] -= change; }
    #end
    #if three
    else { value2[at - info.end1] -= change; }
    #end
}
