//! Completing the text of a shader for one device and one kind of sizes.

mod matrix;
mod slices;
mod tile;

use burn_wgpu::SourceTemplate;

pub use self::tile::{ACROSS, Tile};
use self::tile::{lanes, names, per_lane, quad};
use crate::kernels::constants::{ADAM_BETA_1, ADAM_BETA_2, BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM};

/// The variant of a shader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variant {
    /// All rows have lengths that are multiples of four, so that one load reads four numbers.
    pub vec4: bool,
    /// The device has subgroups, so that the four invocations of a quad share their loads.
    pub subgroups: bool,
    /// The part of a matrix that an invocation and its workgroup compute.
    pub tile: Tile,
    /// Invocations of a workgroup that share each sum, a slice each: as long sums of few invocations leave a GPU idle.
    pub slices: usize,
    /// The names that `#if` finds; unused places are empty.
    pub defined: [&'static str; 3],
}

/// The WGSL of a shader: expands its directives and fills in its constants, such as `{{ adam_beta_1 }}`. A directive is a
/// line that begins with `#`:
///
/// - `#input N name` declares the matrix at binding N, with `name_row(row, length)`, where a row of it begins, and
///   `name_vec4(start, k, length)`, the k-th four numbers of the row that begins there, zero beyond its end;
/// - `#output N name` declares the matrix at binding N, with `name_row` as above and `name_store(start, k, length, values)`, which writes
///   the k-th four numbers of the row that begins there, as far as the row goes;
/// - `#element` declares the type `Element`: a `vec4<f32>` in the vec4 variant, else an `f32`;
/// - `#repeat N line` is the line N times, with 0, 1, 2 .. for each `@`. With `rows` for N it is there for each row of the tile, with 0_0, 0_1,
///   0_2, 0_3, 1_0 .., with `vectors` for each four rows, with 0, 1 ..;
/// - `#each vector` and `#end` enclose lines that are there for each four rows of the tile, with 0, 1 .. for each `@`;
/// - `#tile` declares `ROWS`, those of an invocation's tile, `GROUP_ROWS`, those of a workgroup, and `ACROSS`, its invocations in a row;
/// - `#quad name = expression` declares name_0, name_1, name_2 and name_3: the expression with four different lanes for `lane`, in an order that
///   depends on the invocation. With subgroups, each invocation of a quad computes one of them and swaps it for those of the others, so within a
///   quad the expression may depend on the invocation only through `lane`. A quad is four consecutive invocations of a one-dimensional
///   workgroup;
/// - `#lanes` declares the order: `lane0_0`, `lane0_1` .. for each row of the tile, where `lane1_2` is 4 more than the lane of name_2;
/// - `#per_lane name = expression` declares a `u32` for each lane, which the expression of a `#quad` reads as `name?`;
/// - `#slices N` declares `SLICES`, `slice_start(slice, length)` and `slice_end(slice, length)`, and the memory in which N `MEMBERS` of a
///   workgroup, or with `tile` for N all that share its tile, sum over the slices;
/// - `#slice_and_member index` declares `slice` and `member` of the invocation with this index in its workgroup;
/// - `#sum_slices N name` sums the vectors name0, name1 .., named like `#repeat N`, of the invocations with equal `member` over every `slice`;
///   slice 0 has the result;
/// - `#subgroup_id` is the parameter of `main` that quads need; `{{ subgroup_parameter }}` and `{{ subgroup_argument }}` pass it to a function;
/// - `#if name`, `#else` and `#end` enclose lines for variants that define the name, and for those that do not.
///
/// Each `@binding(_)`, like the `_` of `#input _ name`, is the next binding.
pub fn complete(text: &str, variant: Variant) -> SourceTemplate {
    let Variant { vec4, subgroups, tile, slices, .. } = variant;
    let line = |line: &str| {
        let code = line.trim_start();
        match code.split_once(' ').unwrap_or((code, "")) {
            ("#input", rest) => matrix::input(rest, vec4),
            ("#output", rest) => matrix::output(rest, vec4),
            ("#element", _) => format!("alias Element = {};", if vec4 { "vec4<f32>" } else { "f32" }),
            ("#tile", _) => tile.constants(),
            ("#lanes", _) => lanes(tile, subgroups),
            ("#quad", rest) => quad(rest, subgroups),
            ("#per_lane", rest) => per_lane(rest, subgroups),
            ("#slices", members) => slices::declare(members, tile, slices),
            ("#slice_and_member", index) => slices::slice_and_member(index, slices),
            ("#sum_slices", rest) => slices::sum(rest, tile, slices),
            ("#subgroup_id", _) if subgroups => "@builtin(subgroup_invocation_id) invocation: u32,".into(),
            ("#subgroup_id", _) => String::new(),
            _ => line.to_owned(),
        }
    };
    let lines = numbered(chosen(text.lines(), &variant.defined));
    let body = repeated(lines, tile).iter().map(|text| line(text)).collect::<Vec<_>>().join("\n");
    // A browser demands that subgroups are enabled, wgpu's own compiler does not know the directive.
    let enable = cfg!(target_arch = "wasm32") && variant.subgroups && text.contains("#quad ");
    let mut head = String::from(if enable { "enable subgroups;\n" } else { "" });
    if enable && variant.slices > 1 {
        // Slices may differ in length by one round, but the four invocations of a quad are of one slice.
        head += "diagnostic(off, subgroup_uniformity);\n";
    }
    // The constants have no type, so that WGSL evaluates `1.0 - BETA` in double precision.
    SourceTemplate::new(head + &body)
        .register("subgroup_parameter", if variant.subgroups { "invocation: u32, " } else { "" })
        .register("subgroup_argument", if variant.subgroups { "invocation, " } else { "" })
        .register("adam_beta_1", format!("{ADAM_BETA_1:?}"))
        .register("adam_beta_2", format!("{ADAM_BETA_2:?}"))
        .register("batch_norm_epsilon", format!("{BATCH_NORM_EPSILON:?}"))
        .register("batch_norm_momentum", format!("{BATCH_NORM_MOMENTUM:?}"))
}

/// The lines of a variant: those outside of conditions and those whose conditions hold.
fn chosen<'a>(lines: impl Iterator<Item = &'a str>, defined: &[&str]) -> Vec<&'a str> {
    let mut enclosing = Vec::new(); // conditions, and whether they hold; a block that is repeated counts as one that does
    let mut chosen = Vec::new();
    for line in lines {
        let (directive, name) = line.trim_start().split_once(' ').unwrap_or((line.trim_start(), ""));
        let (each, end) = (directive == "#each", directive == "#end");
        match directive {
            "#if" => enclosing.push((false, defined.contains(&name))),
            "#else" => enclosing.iter_mut().last().into_iter().for_each(|(_, holds)| *holds = !*holds),
            _ => {
                let ended = if end { enclosing.pop() } else { None };
                let kept = enclosing.iter().all(|(_, holds)| *holds);
                if kept && ended.is_none_or(|(each, _)| each) {
                    chosen.push(line);
                }
                if each {
                    enclosing.push((true, true));
                }
            }
        }
    }
    chosen
}

/// Numbers the bindings that leave theirs open.
fn numbered(lines: Vec<&str>) -> Vec<String> {
    let mut bindings = 0..;
    let mut number =
        |line: &str, open: &str| line.replacen(open, &open.replace('_', &bindings.next().unwrap().to_string()), 1);
    let number_line = |line: &str| {
        let open = ["#input _", "#output _", "@binding(_)"].into_iter().find(|open| line.contains(open));
        open.map_or_else(|| line.to_owned(), |open| number(line, open))
    };
    lines.into_iter().map(number_line).collect()
}

/// The lines with those that `#repeat` and `#each` repeat.
fn repeated(lines: Vec<String>, tile: Tile) -> Vec<String> {
    let mut repeated = Vec::new();
    let mut block: Option<Vec<String>> = None;
    for line in lines {
        match (line.trim_start().split_once(' ').unwrap_or((line.trim_start(), "")), &mut block) {
            (("#each", _), _) => block = Some(Vec::new()),
            (("#end", _), _) => {
                let lines = block.take().expect("a block that ends here");
                let each = |vector: String| lines.iter().map(move |line| line.replace('@', &vector));
                repeated.extend(names("vectors", tile).into_iter().flat_map(each));
            }
            (_, Some(block)) => block.push(line),
            (("#repeat", rest), None) => {
                let (count, line) = rest.split_once(' ').expect("a count and a line");
                repeated.extend(names(count, tile).iter().map(|name| line.replace('@', name)));
            }
            _ => repeated.push(line),
        }
    }
    repeated
}
