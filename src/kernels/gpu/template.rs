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
}

/// The WGSL of a shader: expands its directives and fills in its constants, such as `{{ adam_beta_1 }}`. A directive is a
/// line that begins with `#`:
///
/// - `#input N name` declares the matrix at binding N, with `name_row(row, length)`, where a row of it begins, and
///   `name_vec4(start, k, length)`, the k-th four numbers of the row that begins there, zero beyond its end;
/// - `#output N name` declares the matrix at binding N, with `name_store(row, k, length, values)`, which writes the k-th
///   four numbers of a row, as far as the row goes;
/// - `#element` declares the type `Element`: a `vec4<f32>` in the vec4 variant, else an `f32`;
/// - `#repeat N line` is the line N times, with 0, 1, 2 .. for each `@`;
/// - `#quad name4 = expression` declares name4, name5, name6 and name7: the expression with 0, 1, 2 and 3 for `lane`. With
///   subgroups, each invocation of a quad computes one of them and broadcasts it, so within a quad the expression
///   may depend on the invocation only through `lane`. A quad is four consecutive invocations of a one-dimensional workgroup;
/// - `#per_lane name = expression` declares a `u32` for each lane, which the expression of a `#quad` reads as `name?`;
/// - `#slices count members` declares `SLICES`, `slice_start(slice, length)` and `slice_end(slice, length)`, and the memory in which the
///   workgroup's `members` sum `count` vectors each over the slices;
/// - `#sum_slices count name` sums the vectors name0, name1 .. of the invocations with equal `member` over every `slice`; slice 0 has the result;
/// - `#subgroup_id` is the parameter of `main` that quads need.
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
            ("#sum_slices", rest) => sum_slices(rest, variant.slices),
            ("#subgroup_id", _) if variant.subgroups => "@builtin(subgroup_invocation_id) invocation: u32,".into(),
            ("#subgroup_id", _) => String::new(),
            _ => line.to_owned(),
        }
    };
    let body = text.lines().map(line).collect::<Vec<_>>().join("\n");
    // A browser demands that subgroups are enabled, wgpu's own compiler does not know the directive.
    let enable = cfg!(target_arch = "wasm32") && variant.subgroups && text.contains("#quad ");
    // The constants have no type, so that WGSL evaluates `1.0 - BETA` in double precision.
    SourceTemplate::new(if enable { format!("enable subgroups;\n{body}") } else { body })
        .register("adam_beta_1", format!("{ADAM_BETA_1:?}"))
        .register("adam_beta_2", format!("{ADAM_BETA_2:?}"))
        .register("batch_norm_epsilon", format!("{BATCH_NORM_EPSILON:?}"))
        .register("batch_norm_momentum", format!("{BATCH_NORM_MOMENTUM:?}"))
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
    let (count, members) = rest.split_once(' ').expect("two numbers");
    let [count, members] = [count, members].map(|number| number.parse::<usize>().expect("a number"));
    let constants = format!("const SLICES = {slices}u;\nconst MEMBERS = {members}u;");
    let range = "
        fn slice_start(slice: u32, length: u32) -> u32 { return slice * length / SLICES; }
        fn slice_end(slice: u32, length: u32) -> u32 { return (slice + 1u) * length / SLICES; }";
    let held = count * members * slices / 2;
    let memory =
        if slices > 1 { format!("var<workgroup> slice_sums: array<vec4<f32>, {held}>;") } else { String::new() };
    format!("{constants}{range}\n{memory}")
}

/// By halves, as fits the memory: the upper half of the slices hands its sums to the lower half.
fn sum_slices(rest: &str, slices: usize) -> String {
    let (count, name) = rest.split_once(' ').expect("a count and a name");
    let count: usize = count.parse().expect("a number");
    let each = |line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<Vec<_>>().join(" ");
    let halves = std::iter::successors(Some(slices / 2), |half| Some(half / 2)).take_while(|half| *half > 0);
    let rounds = halves.map(|half| {
        let place = |k: usize| format!("slice_sums[{}u * MEMBERS + slice % {half}u * MEMBERS + member]", k * half);
        let give = each(&|k| format!("{} = {name}{k};", place(k)));
        let take = each(&|k| format!("{name}{k} += {};", place(k)));
        format!(
            "if slice >= {half}u && slice < {}u {{ {give} }}
            workgroupBarrier();
            if slice < {half}u {{ {take} }}
            workgroupBarrier();",
            2 * half
        )
    });
    rounds.collect::<Vec<_>>().join("\n")
}

fn input(rest: &str, vec4: bool) -> String {
    let (binding, name) = rest.split_once(' ').expect("a binding and a name");
    let (element, row, load) = if vec4 {
        ("vec4<f32>", "row * (length / 4u)", format!("return {name}[start + k];"))
    } else {
        let load = format!(
            "let at = start + 4u * k;
            let left = length - 4u * k;
            var values = vec4({name}[at], 0.0, 0.0, 0.0);
            if left > 1u {{ values.y = {name}[at + 1u]; }}
            if left > 2u {{ values.z = {name}[at + 2u]; }}
            if left > 3u {{ values.w = {name}[at + 3u]; }}
            return values;"
        );
        ("f32", "row * length", load)
    };
    format!(
        "@group(0) @binding({binding}) var<storage, read> {name}: array<{element}>;
        fn {name}_row(row: u32, length: u32) -> u32 {{ return {row}; }}
        fn {name}_vec4(start: u32, k: u32, length: u32) -> vec4<f32> {{ {load} }}"
    )
}

fn output(rest: &str, vec4: bool) -> String {
    let (binding, name) = rest.split_once(' ').expect("a binding and a name");
    let (element, store) = if vec4 {
        ("vec4<f32>", format!("{name}[row * (length / 4u) + k] = values;"))
    } else {
        let store = format!(
            "let at = row * length + 4u * k;
            let left = length - 4u * k;
            {name}[at] = values.x;
            if left > 1u {{ {name}[at + 1u] = values.y; }}
            if left > 2u {{ {name}[at + 2u] = values.z; }}
            if left > 3u {{ {name}[at + 3u] = values.w; }}"
        );
        ("f32", store)
    };
    format!(
        "@group(0) @binding({binding}) var<storage, read_write> {name}: array<{element}>;
        fn {name}_store(row: u32, k: u32, length: u32, values: vec4<f32>) {{ {store} }}"
    )
}
