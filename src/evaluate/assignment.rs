//! The best one-to-one assignment of rows to columns.

/// For each row of `scores` `[R][C]`, R <= C, a column of its own, such that the sum of their scores is the largest: the Hungarian method with
/// potentials and shortest augmenting paths (Kuhn 1955; Jonker & Volgenant 1987), in `R^2 C` steps.
///
/// # Panics
/// When there are more rows than columns.
pub fn best_assignment(scores: &[Vec<f64>]) -> Vec<usize> {
    let columns = scores.first().map_or(0, Vec::len);
    assert!(scores.len() <= columns || scores.is_empty(), "every row has a column of its own");
    let mut of_row = vec![0.0; scores.len()]; // potentials
    let mut of_column = vec![0.0; columns];
    let mut owner: Vec<Option<usize>> = vec![None; columns];
    for row in 0..scores.len() {
        let mut distance = vec![f64::INFINITY; columns];
        let mut before = vec![None; columns]; // the column from which the shortest path comes
        let mut reached = vec![false; columns];
        let (mut at, mut through, mut walked) = (row, None, 0.0);
        let free = loop {
            for column in (0..columns).filter(|&column| !reached[column]) {
                let through_here = walked - scores[at][column] - of_row[at] - of_column[column];
                if through_here < distance[column] {
                    (distance[column], before[column]) = (through_here, through);
                }
            }
            let left = (0..columns).filter(|&column| !reached[column]);
            let nearest = left.min_by(|&a, &b| distance[a].total_cmp(&distance[b])).expect("a column is free");
            (walked, reached[nearest]) = (distance[nearest], true);
            match owner[nearest] {
                Some(next) => (at, through) = (next, Some(nearest)),
                None => break nearest,
            }
        };
        of_row[row] += walked;
        for column in (0..columns).filter(|&column| reached[column]) {
            let left = walked - distance[column];
            of_column[column] -= left;
            if let Some(owner) = owner[column] {
                of_row[owner] += left;
            }
        }
        let mut end = free;
        while let Some(previous) = before[end] {
            owner[end] = owner[previous];
            end = previous;
        }
        owner[end] = Some(row);
    }
    let mut assigned = vec![0; scores.len()];
    owner
        .iter()
        .enumerate()
        .filter_map(|(column, owner)| Some((column, (*owner)?)))
        .for_each(|(column, row)| assigned[row] = column);
    assigned
}
