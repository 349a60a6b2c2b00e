//! Directives that declare a matrix, whose rows are read and written four numbers at a time.

/// `rest`: the binding and the name, also in the next.
pub fn input(rest: &str, vec4: bool) -> String {
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

pub fn output(rest: &str, vec4: bool) -> String {
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
    // A shift, because a software adapter divides one number after the other.
    let (element, row) = if vec4 { ("vec4<f32>", "row * (length >> 2u)") } else { ("f32", "row * length") };
    format!(
        "@group(0) @binding({binding}) var<storage, {access}> {name}: array<{element}>;
        fn {name}_row(row: u32, length: u32) -> u32 {{ return {row}; }}"
    )
}
