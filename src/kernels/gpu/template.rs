//! Completing the text of a shader for one device and one kind of sizes.

use burn_wgpu::SourceTemplate;

use crate::kernels::constants::{ADAM_BETA_1, ADAM_BETA_2, BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM};

/// The variant of a shader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variant {
    /// All rows have lengths that are multiples of four, so that one load reads four numbers.
    pub vec4: bool,
    /// The device has subgroups, so that the four invocations of a quad share their loads.
    pub subgroups: bool,
    /// Invocations of a workgroup that share each sum, a slice each: as long sums of few invocations leave a GPU idle.
    pub slices: usize,
    /// The names that `#if` finds; unused places are empty.
    pub defined: [&'static str; 4],
}

/// Vectors that an invocation sums over the slices at once: with 32 of them and 8 slices 10 kB, of the 16 kB that every device has.
const SUMMED_AT_ONCE: usize = 5;

/// The WGSL of a shader: expands its directives and fills in its constants, such as `{{ adam_beta_1 }}`. A directive is a
/// line that begins with `#`:
///
/// - `#input N name` declares the matrix at binding N, with `name_row(row, length)`, where a row of it begins, and
///   `name_vec4(start, k, length)`, the k-th four numbers of the row that begins there, zero beyond its end;
/// - `#output N name` declares the matrix at binding N, with `name_row` as above and `name_store(start, k, length, values)`, which writes
///   the k-th four numbers of the row that begins there, as far as the row goes;
/// - `#element` declares the type `Element`: a `vec4<f32>` in the vec4 variant, else an `f32`;
/// - `#repeat N line` is the line N times, with 0, 1, 2 .. for each `@`;
/// - `#quad name4 = expression` declares name4, name5, name6 and name7: the expression with 0, 1, 2 and 3 for `lane`. With
///   subgroups, each invocation of a quad computes one of them and broadcasts it, so within a quad the expression
///   may depend on the invocation only through `lane`. A quad is four consecutive invocations of a one-dimensional workgroup;
/// - `#per_lane name = expression` declares a `u32` for each lane, which the expression of a `#quad` reads as `name?`;
/// - `#slices members` declares `SLICES`, `slice_start(slice, length)` and `slice_end(slice, length)`, and the memory in which the workgroup's
///   `members` sum over the slices;
/// - `#slice_and_member index` declares `slice` and `member` of the invocation with this index in its workgroup;
/// - `#sum_slices count name` sums the vectors name0, name1 .. of the invocations with equal `member` over every `slice`; slice 0 has the result;
/// - `#subgroup_id` is the parameter of `main` that quads need; `{{ subgroup_parameter }}` and `{{ subgroup_argument }}` pass it to a function;
/// - `#if name`, `#else` and `#end` enclose lines for variants that define the name, and for those that do not.
///
/// Each `@binding(_)`, like the `_` of `#input _ name`, is the next binding.
pub fn complete(text: &str, variant: Variant) -> SourceTemplate {
    let line = |line: &str| {
        let code = line.trim_start();
        match code.split_once(' ').unwrap_or((code, "")) {
            ("#input", rest) => input(rest, variant.vec4),
            ("#output", rest) => output(rest, variant.vec4),
            ("#element", _) => format!("alias Element = {};", if variant.vec4 { "vec4<f32>" } else { "f32" }),
            ("#repeat", rest) => repeat(rest),
            ("#quad", rest) => quad(rest, variant.subgroups),
            ("#per_lane", rest) => per_lane(rest, variant.subgroups),
            ("#slices", rest) => slices(rest, variant.slices),
            ("#slice_and_member", index) if variant.slices > 1 => {
                format!("let slice = {index} / MEMBERS;\nlet member = {index} % MEMBERS;")
            }
            ("#slice_and_member", index) => format!("const slice = 0u;\nlet member = {index};"),
            ("#sum_slices", rest) => sum_slices(rest, variant.slices),
            ("#subgroup_id", _) if variant.subgroups => "@builtin(subgroup_invocation_id) invocation: u32,".into(),
            ("#subgroup_id", _) => String::new(),
            _ => line.to_owned(),
        }
    };
    let lines = numbered(chosen(text.lines(), &variant.defined));
    let body = lines.iter().map(|text| line(text)).collect::<Vec<_>>().join("\n");
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
    let mut conditions = Vec::new(); // the enclosing ones, and whether they hold
    let mut chosen = Vec::new();
    for line in lines {
        match line.trim_start().split_once(' ').unwrap_or((line.trim_start(), "")) {
            ("#if", name) => conditions.push(defined.contains(&name)),
            ("#else", _) => conditions.iter_mut().last().into_iter().for_each(|holds| *holds = !*holds),
            ("#end", _) => drop(conditions.pop()),
            _ if conditions.iter().all(|holds| *holds) => chosen.push(line),
            _ => {}
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

fn repeat(rest: &str) -> String {
    let (count, line) = rest.split_once(' ').expect("a count and a line");
    let count: u32 = count.parse().expect("a number");
    (0..count).map(|i| line.replace('@', &i.to_string())).collect::<Vec<_>>().join("\n")
}

const LANES: [&str; 4] = ["0u", "1u", "2u", "3u"];
/// The index of an invocation in its quad.
const OWN_LANE: &str = "(invocation % 4u)";

fn quad(rest: &str, subgroups: bool) -> String {
    let (name, expression) = rest.split_once(" = ").expect("a name and an expression");
    let digits = name.find(|c: char| c.is_ascii_digit()).expect("the number of the first variable");
    let (stem, first) = (&name[..digits], name[digits..].parse::<usize>().expect("a number"));
    let variables = (0..4).map(|lane| {
        let value = if subgroups {
            format!("quadBroadcast({name}_own, {lane}u)")
        } else {
            expression.replace('?', &format!("[{lane}]")).replace("lane", LANES[lane])
        };
        format!("let {stem}{} = {value};", first + lane)
    });
    let own = subgroups.then(|| format!("let {name}_own = {};", expression.replace('?', "").replace("lane", OWN_LANE)));
    own.into_iter().chain(variables).collect::<Vec<_>>().join("\n")
}

fn per_lane(rest: &str, subgroups: bool) -> String {
    let (name, expression) = rest.split_once(" = ").expect("a name and an expression");
    if subgroups {
        format!("let {name} = {};", expression.replace("lane", OWN_LANE))
    } else {
        format!("let {name} = vec4<u32>({});", LANES.map(|lane| expression.replace("lane", lane)).join(", "))
    }
}

fn slices(rest: &str, slices: usize) -> String {
    let members: usize = rest.parse().expect("a number");
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
fn sum_slices(rest: &str, slices: usize) -> String {
    let (count, name) = rest.split_once(' ').expect("a count and a name");
    let vectors: Vec<usize> = (0..count.parse().expect("a number")).collect();
    let halves = std::iter::successors(Some(slices / 2), |half| Some(half / 2)).take_while(|half| *half > 0);
    let rounds = halves.flat_map(|half| vectors.chunks(SUMMED_AT_ONCE).map(move |some| (half, some)));
    let round = |(half, some): (usize, &[usize])| {
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

fn input(rest: &str, vec4: bool) -> String {
    let (binding, name) = rest.split_once(' ').expect("a binding and a name");
    let load = if vec4 {
        format!("return {name}[start + k];")
    } else {
        format!(
            "let at = start + 4u * k;
            let left = length - 4u * k;
            var values = vec4({name}[at], 0.0, 0.0, 0.0);
            if left > 1u {{ values.y = {name}[at + 1u]; }}
            if left > 2u {{ values.z = {name}[at + 2u]; }}
            if left > 3u {{ values.w = {name}[at + 3u]; }}
            return values;"
        )
    };
    let matrix = matrix("read", binding, name, vec4);
    format!(
        "{matrix}
        fn {name}_vec4(start: u32, k: u32, length: u32) -> vec4<f32> {{ {load} }}"
    )
}

fn output(rest: &str, vec4: bool) -> String {
    let (binding, name) = rest.split_once(' ').expect("a binding and a name");
    let store = if vec4 {
        format!("{name}[start + k] = values;")
    } else {
        format!(
            "let at = start + 4u * k;
            let left = length - 4u * k;
            {name}[at] = values.x;
            if left > 1u {{ {name}[at + 1u] = values.y; }}
            if left > 2u {{ {name}[at + 2u] = values.z; }}
            if left > 3u {{ {name}[at + 3u] = values.w; }}"
        )
    };
    let matrix = matrix("read_write", binding, name, vec4);
    format!(
        "{matrix}
        fn {name}_store(start: u32, k: u32, length: u32, values: vec4<f32>) {{ {store} }}"
    )
}

/// A matrix and the function that says where a row of it begins.
fn matrix(access: &str, binding: &str, name: &str, vec4: bool) -> String {
    let (element, row) = if vec4 { ("vec4<f32>", "row * (length / 4u)") } else { ("f32", "row * length") };
    format!(
        "@group(0) @binding({binding}) var<storage, {access}> {name}: array<{element}>;
        fn {name}_row(row: u32, length: u32) -> u32 {{ return {row}; }}"
    )
}
