//! Directives for sums that several invocations of a workgroup share.

use super::tile::{Tile, names};

/// Vectors that an invocation sums over the slices at once: with 32 of them and 8 slices 10 kB, of the 16 kB that every device has.
const SUMMED_AT_ONCE: usize = 5;

/// `members`: a number, or those of the `tile`.
pub fn declare(members: &str, tile: Tile, slices: usize) -> String {
    let members = if members == "tile" { tile.members() } else { members.parse().expect("a number") };
    let constants = format!("const SLICES = {slices}u;\nconst MEMBERS = {members}u;");
    let ranges = "
        fn slice_start(slice: u32, length: u32) -> u32 { return slice * length / SLICES; }
        fn slice_end(slice: u32, length: u32) -> u32 { return (slice + 1u) * length / SLICES; }";
    let held = SUMMED_AT_ONCE * members * slices / 2;
    let memory =
        if slices > 1 { format!("var<workgroup> slice_sums: array<vec4<f32>, {held}>;") } else { String::new() };
    format!("{constants}{ranges}\n{memory}")
}

/// By halves: the upper half of the slices hands its sums to the lower half, a few vectors at once.
pub fn sum(rest: &str, tile: Tile, slices: usize) -> String {
    let (count, name) = rest.split_once(' ').expect("a count and a name");
    let vectors = names(count, tile);
    let halves = std::iter::successors(Some(slices / 2), |half| Some(half / 2)).take_while(|half| *half > 0);
    let rounds = halves.flat_map(|half| vectors.chunks(SUMMED_AT_ONCE).map(move |some| (half, some)));
    let round = |(half, some): (usize, &[String])| {
        let place = |n: usize| format!("slice_sums[({n}u * {half}u + slice % {half}u) * MEMBERS + member]");
        let give: String = some.iter().enumerate().map(|(n, k)| format!("{} = {name}{k}; ", place(n))).collect();
        let take: String = some.iter().enumerate().map(|(n, k)| format!("{name}{k} += {}; ", place(n))).collect();
        format!(
            "if slice >= {half}u && slice < {}u {{ {give} }}
            workgroupBarrier();
            if slice < {half}u {{ {take} }}
            workgroupBarrier();",
            2 * half
        )
    };
    rounds.map(round).collect::<Vec<_>>().join("\n")
}

pub fn slice_and_member(index: &str, slices: usize) -> String {
    match slices {
        1 => format!("const slice = 0u;\nlet member = {index};"),
        _ => format!("let slice = {index} / MEMBERS;\nlet member = {index} % MEMBERS;"),
    }
}
