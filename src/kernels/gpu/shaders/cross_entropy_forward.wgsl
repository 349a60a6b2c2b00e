// Binary cross-entropy of each image from logits, softplus(l) - x l summed over pixels: about 10 B P operations, 8 B P
// bytes. One workgroup per image. Softplus is computed as max(l, 0) + log(1 + exp(-|l|)), which does not overflow.

@group(0) @binding(0) var<storage, read> logits: array<f32>; // [B, P]
@group(0) @binding(1) var<storage, read> images: array<f32>; // [B, P]
@group(0) @binding(2) var<storage, read_write> loss: array<f32>; // [B]
@group(0) @binding(3) var<storage, read> sizes: array<u32>; // B, P

var<workgroup> parts: array<f32, 16>;

@compute @workgroup_size(16)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let image = group.x + group.z * groups.x;
    let exists = image < sizes[0];
    let pixels = select(0u, sizes[1], exists);
    var sum = 0.0;
    for (var pixel = local.x; pixel < pixels; pixel += 16u) {
        let logit = logits[image * pixels + pixel];
        // log1p: the factor corrects the rounding of 1 + e (Goldberg 1991, theorem 4).
        let e = exp(-abs(logit));
        let one = 1.0 + e;
        let tail = select(log(one) * e / (one - 1.0), e, one == 1.0);
        sum += max(logit, 0.0) + tail - logit * images[image * pixels + pixel];
    }
    parts[local.x] = sum;
    workgroupBarrier();
    for (var half = 8u; half > 0u; half >>= 1u) {
        if local.x < half { parts[local.x] += parts[local.x + half]; }
        workgroupBarrier();
    }
    if local.x == 0u && exists { loss[image] = parts[0]; }
}
