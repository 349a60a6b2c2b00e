//! Directives for the part of a matrix that an invocation computes, and for the loads that the invocations of a quad share.

/// How a matrix is shared out. Of its columns an invocation computes four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Rows of an invocation, a multiple of four.
    pub rows: usize,
    /// Invocations of a workgroup one below the other; there are [`ACROSS`] side by side.
    pub down: usize,
}

/// Invocations of a workgroup side by side: 32 columns.
pub const ACROSS: usize = 8;

impl Tile {
    /// Rows of a workgroup.
    pub fn group_rows(self) -> usize {
        self.rows * self.down
    }

    /// Invocations of a workgroup.
    pub fn members(self) -> usize {
        ACROSS * self.down
    }

    pub fn constants(self) -> String {
        let (rows, group_rows) = (self.rows, self.group_rows());
        format!("const ROWS = {rows}u;\nconst GROUP_ROWS = {group_rows}u;\nconst ACROSS = {ACROSS}u;")
    }
}

/// What stands for `@`, as often as `count` says: a number, or the `rows` or `vectors` of the tile.
pub fn names(count: &str, tile: Tile) -> Vec<String> {
    match count {
        "rows" => (0..tile.rows).map(|row| format!("{}_{}", row / 4, row % 4)).collect(),
        "vectors" => (0..tile.rows / 4).map(|vector| vector.to_string()).collect(),
        _ => (0..count.parse::<usize>().expect("a number")).map(|i| i.to_string()).collect(),
    }
}

/// The index of an invocation in its quad.
const OWN_LANE: &str = "(invocation % 4u)";

/// Of the values of a `#quad` after the first, how each comes from another lane: that with one bit of its index flipped, the other, both.
const SWAPS: [&str; 3] = ["quadSwapX", "quadSwapY", "quadSwapDiagonal"];

pub fn lanes(tile: Tile, subgroups: bool) -> String {
    let lane = |row: usize| {
        let (vector, place) = (row / 4, row % 4);
        match subgroups {
            true => format!("let lane{vector}_{place} = {}u + ({OWN_LANE} ^ {place}u);", 4 * vector),
            false => format!("const lane{vector}_{place} = {row}u;"),
        }
    };
    (0..tile.rows).map(lane).collect::<Vec<_>>().join("\n")
}

pub fn quad(rest: &str, subgroups: bool) -> String {
    let (name, expression) = rest.split_once(" = ").expect("a name and an expression");
    if subgroups {
        let own = format!("let {name}_0 = {};", expression.replace('?', "").replace("lane", OWN_LANE));
        let others = (1..).zip(SWAPS).map(|(place, swap)| format!("let {name}_{place} = {swap}({name}_0);"));
        return std::iter::once(own).chain(others).collect::<Vec<_>>().join("\n");
    }
    let value = |lane: usize| expression.replace('?', &format!("[{lane}]")).replace("lane", &format!("{lane}u"));
    (0..4).map(|lane| format!("let {name}_{lane} = {};", value(lane))).collect::<Vec<_>>().join("\n")
}

pub fn per_lane(rest: &str, subgroups: bool) -> String {
    let (name, expression) = rest.split_once(" = ").expect("a name and an expression");
    if subgroups {
        return format!("let {name} = {};", expression.replace("lane", OWN_LANE));
    }
    let each = [0, 1, 2, 3].map(|lane| expression.replace("lane", &format!("{lane}u")));
    format!("let {name} = vec4<u32>({});", each.join(", "))
}
