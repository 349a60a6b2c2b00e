//! What a kernel's text leaves open, filled in for one device and one kind of sizes.

/// How a text is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setting {
    /// All lengths of rows are multiples of four: one load reads four numbers.
    pub wide: bool,
    /// The device has subgroups: four invocations read once what they all need.
    pub quads: bool,
}

/// The WGSL that `text` stands for. Lines that begin with `#` are written here:
///
/// - `#four N name` declares binding N, `name_row(row, length)` for where a row of it begins, and `name_four(start, k, length)` that
///   reads the k-th four numbers of the row that begins there, zeros beyond its end;
/// - `#out N name` declares `name_put(row, k, length, four)`, which writes as far as the row goes;
/// - `#number` declares the type `Number`: four numbers where rows are wide, else one;
/// - `#each N line` is the line N times, with 0, 1, 2 .. for each `@`;
/// - `#quad name4 = expression` declares name4, name5, name6 and name7, which are the expression with 0, 1, 2 and 3 for `lane`. In a
///   quad each invocation works out one of them and tells the others, so it must be the same for all four but for `lane`; a quad is
///   four invocations in a row of a workgroup of one dimension;
/// - `#held name = expression`, of a `u32`, is what a quad's expression needs of each lane and finds there as `name?`;
/// - `#lane` is a parameter of `main`, where quads need one.
pub fn complete(text: &str, setting: Setting) -> String {
    let line = |line: &str| {
        let code = line.trim_start();
        match code.split_once(' ').unwrap_or((code, "")) {
            ("#four", rest) => four(rest, setting.wide),
            ("#out", rest) => out(rest, setting.wide),
            ("#number", _) => format!("alias Number = {};", if setting.wide { "vec4<f32>" } else { "f32" }),
            ("#each", rest) => each(rest),
            ("#quad", rest) => quad(rest, setting.quads),
            ("#held", rest) => held(rest, setting.quads),
            ("#lane", _) if setting.quads => "@builtin(subgroup_invocation_id) invocation: u32,".into(),
            ("#lane", _) => String::new(),
            _ => line.to_owned(),
        }
    };
    let body = text.lines().map(line).collect::<Vec<_>>().join("\n");
    if setting.quads && text.contains("#quad ") { format!("enable subgroups;\n{body}") } else { body }
}

fn each(rest: &str) -> String {
    let (count, line) = rest.split_once(' ').expect("a count and a line");
    let count: u32 = count.parse().expect("a number");
    (0..count).map(|i| line.replace('@', &i.to_string())).collect::<Vec<_>>().join("\n")
}

const LANES: [&str; 4] = ["0u", "1u", "2u", "3u"];
/// An invocation's place in its quad.
const PLACE: &str = "(invocation % 4u)";

fn quad(rest: &str, quads: bool) -> String {
    let (name, expression) = rest.split_once(" = ").expect("a name and an expression");
    let digits = name.find(|c: char| c.is_ascii_digit()).expect("the first one's number");
    let (stem, first) = (&name[..digits], name[digits..].parse::<usize>().expect("a number"));
    let each = (0..4).map(|lane| {
        let value = if quads {
            format!("quadBroadcast({name}_mine, {lane}u)")
        } else {
            expression.replace('?', &format!("[{lane}]")).replace("lane", LANES[lane])
        };
        format!("let {stem}{} = {value};", first + lane)
    });
    let mine = quads.then(|| format!("let {name}_mine = {};", expression.replace('?', "").replace("lane", PLACE)));
    mine.into_iter().chain(each).collect::<Vec<_>>().join("\n")
}

fn held(rest: &str, quads: bool) -> String {
    let (name, expression) = rest.split_once(" = ").expect("a name and an expression");
    if quads {
        format!("let {name} = {};", expression.replace("lane", PLACE))
    } else {
        format!("let {name} = vec4<u32>({});", LANES.map(|lane| expression.replace("lane", lane)).join(", "))
    }
}

fn four(rest: &str, wide: bool) -> String {
    let (binding, name) = rest.split_once(' ').expect("a binding and a name");
    let (element, row, four) = if wide {
        ("vec4<f32>", "row * (length / 4u)", format!("return {name}[start + k];"))
    } else {
        let some = format!(
            "let at = start + 4u * k;
            let left = length - 4u * k;
            var four = vec4({name}[at], 0.0, 0.0, 0.0);
            if left > 1u {{ four.y = {name}[at + 1u]; }}
            if left > 2u {{ four.z = {name}[at + 2u]; }}
            if left > 3u {{ four.w = {name}[at + 3u]; }}
            return four;"
        );
        ("f32", "row * length", some)
    };
    format!(
        "@group(0) @binding({binding}) var<storage, read> {name}: array<{element}>;
        fn {name}_row(row: u32, length: u32) -> u32 {{ return {row}; }}
        fn {name}_four(start: u32, k: u32, length: u32) -> vec4<f32> {{ {four} }}"
    )
}

fn out(rest: &str, wide: bool) -> String {
    let (binding, name) = rest.split_once(' ').expect("a binding and a name");
    let (element, put) = if wide {
        ("vec4<f32>", format!("{name}[row * (length / 4u) + k] = four;"))
    } else {
        let some = format!(
            "let at = row * length + 4u * k;
            let left = length - 4u * k;
            {name}[at] = four.x;
            if left > 1u {{ {name}[at + 1u] = four.y; }}
            if left > 2u {{ {name}[at + 2u] = four.z; }}
            if left > 3u {{ {name}[at + 3u] = four.w; }}"
        );
        ("f32", some)
    };
    format!(
        "@group(0) @binding({binding}) var<storage, read_write> {name}: array<{element}>;
        fn {name}_put(row: u32, k: u32, length: u32, four: vec4<f32>) {{ {put} }}"
    )
}
