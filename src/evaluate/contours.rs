//! Contours of values on a square grid, by marching squares.

/// A segment between two points, each (column, row) of the grid as fractions.
pub(super) type Segment = [[f64; 2]; 2];

/// The level above which the largest of `values` hold this share of their sum, 0..1; `None` where the sum is not positive.
pub(super) fn level_of_mass(values: &[f64], mass: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let total: f64 = sorted.iter().sum();
    let mut sum = 0.0;
    sorted.into_iter().find(|value| {
        sum += value;
        total > 0.0 && sum >= mass * total
    })
}

/// The segments along which `values` `[side * side]`, interpolated linearly between neighbours, are `level`.
pub(super) fn contour(values: &[f64], side: usize, level: f64) -> Vec<Segment> {
    let cells = (0..side - 1).flat_map(|row| (0..side - 1).map(move |column| (column, row)));
    cells.flat_map(|(column, row)| cell(values, side, level, (column, row))).collect()
}

/// The segments within one cell: none, one, or two where opposite corners are above the level.
fn cell(values: &[f64], side: usize, level: f64, (column, row): (usize, usize)) -> Vec<Segment> {
    // The corners in order around the cell.
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(right, down)| {
        let (column, row) = (column + right, row + down);
        ([column as f64, row as f64], values[row * side + column] - level)
    });
    let crossings: Vec<[f64; 2]> = (0..4)
        .filter_map(|k| {
            let (([x, y], from), ([to_x, to_y], to)) = (corners[k], corners[(k + 1) % 4]);
            let at = from / (from - to);
            ((from > 0.0) != (to > 0.0)).then_some([x + at * (to_x - x), y + at * (to_y - y)])
        })
        .collect();
    match crossings[..] {
        [a, b] => vec![[a, b]],
        // A saddle: the mean of the corners decides which two are connected through the middle.
        [a, b, c, d] => {
            let middle = corners.iter().map(|(_, height)| height).sum::<f64>() > 0.0;
            if middle == (corners[0].1 > 0.0) { vec![[a, b], [c, d]] } else { vec![[d, a], [b, c]] }
        }
        _ => Vec::new(),
    }
}
