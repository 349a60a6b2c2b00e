//! A square lattice over two latent components, on which densities are integrated.

/// A square of the plane: all places within `reach` of its centre along both components.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Square {
    /// Its middle.
    pub centre: [f64; 2],
    /// Half of its side, in latent units.
    pub reach: f64,
}

impl Square {
    /// The smallest square around boxes `[[least, most] of each component]`, one of which must be given.
    pub fn around(boxes: impl IntoIterator<Item = [[f64; 2]; 2]>) -> Self {
        let empty = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
        let all = boxes
            .into_iter()
            .fold(empty, |all, one| [0, 1].map(|c| [f64::min(all[c][0], one[c][0]), f64::max(all[c][1], one[c][1])]));
        Self {
            centre: all.map(|[least, most]| (least + most) / 2.0),
            reach: all.iter().map(|[least, most]| (most - least) / 2.0).fold(0.0, f64::max),
        }
    }

    /// The least and the most of each component.
    pub fn bounds(&self) -> [[f64; 2]; 2] {
        self.centre.map(|middle| [middle - self.reach, middle + self.reach])
    }
}

/// `side` x `side` points of a square, its border included; row by row, the first component changes first and both increase.
///
/// A density that has vanished at the border is integrated by its sum over the points: for smooth ones the error falls faster
/// than any power of the distance between them (the trapezoidal rule; Trefethen & Weideman 2014).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lattice {
    pub square: Square,
    pub side: usize,
}

impl Lattice {
    pub fn len(&self) -> usize {
        self.side * self.side
    }

    /// The distance between neighbours.
    pub fn step(&self) -> f64 {
        2.0 * self.square.reach / (self.side - 1) as f64
    }

    /// The place of point `k`.
    pub fn place(&self, k: usize) -> [f64; 2] {
        self.at([(k % self.side) as f64, (k / self.side) as f64])
    }

    /// The place at a (column, row) as fractions.
    pub fn at(&self, [column, row]: [f64; 2]) -> [f64; 2] {
        let Square { centre, reach } = self.square;
        [centre[0] - reach + column * self.step(), centre[1] - reach + row * self.step()]
    }

    /// Whether point `k` is on the border.
    pub fn is_on_border(&self, k: usize) -> bool {
        let last = self.side - 1;
        [k % self.side, k / self.side].iter().any(|&at| at == 0 || at == last)
    }

    /// The points that a lattice over the same square with every `stride`-th point has, which divides `side - 1`.
    pub fn every(&self, stride: usize) -> impl Iterator<Item = usize> {
        let side = self.side;
        (0..side).step_by(stride).flat_map(move |row| (0..side).step_by(stride).map(move |column| row * side + column))
    }
}
