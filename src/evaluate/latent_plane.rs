//! A plane through the origin of latent space: two components, or the first two principal components of the codes.

/// Two orthonormal directions, `[Z]` each. A code z has the place (across · z, upwards · z).
#[derive(Debug, Clone, PartialEq)]
pub struct LatentPlane {
    /// The horizontal direction.
    pub across: Vec<f64>,
    /// The vertical direction.
    pub upwards: Vec<f64>,
}

impl LatentPlane {
    /// The plane of two of `latent` components.
    pub fn of_components(across: usize, upwards: usize, latent: usize) -> Self {
        let unit = |component| (0..latent).map(|c| f64::from(u8::from(c == component))).collect();
        Self { across: unit(across), upwards: unit(upwards) }
    }

    /// Of two directions end to end, `[2 * Z]`.
    pub fn of_directions(directions: &[f32]) -> Self {
        let (across, upwards) = directions.split_at(directions.len() / 2);
        let [across, upwards] = [across, upwards].map(|axis| axis.iter().map(|&weight| weight.into()).collect());
        Self { across, upwards }
    }

    /// The places of codes `[n * Z]`: `[n * 2]`.
    pub fn project(&self, codes: &[f32]) -> Vec<f32> {
        codes.chunks_exact(self.across.len()).flat_map(|z| self.place(z).map(|value| value as f32)).collect()
    }

    /// The place of one code `[Z]`.
    pub fn place(&self, z: &[f32]) -> [f64; 2] {
        [&self.across, &self.upwards]
            .map(|axis| axis.iter().zip(z).map(|(weight, &value)| weight * f64::from(value)).sum())
    }

    /// The same plane, turned and mirrored within itself so that its directions differ least from those of `other` (orthogonal
    /// Procrustes problem, Schönemann 1966). As it is where `other` has another size.
    pub fn aligned_with(self, other: &Self) -> Self {
        if other.across.len() != self.across.len() {
            return self;
        }
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let [aa, ab] = [&other.across, &other.upwards].map(|axis| dot(&self.across, axis));
        let [ba, bb] = [&other.across, &other.upwards].map(|axis| dot(&self.upwards, axis));
        // The sum of both dot products is largest at these angles, of a rotation or of a reflection.
        let [turned, mirrored] = [(aa + bb).hypot(ba - ab), (aa - bb).hypot(ba + ab)];
        let (angle, sign) = match turned >= mirrored {
            true => ((ba - ab).atan2(aa + bb), 1.0),
            false => ((ba + ab).atan2(aa - bb), -1.0),
        };
        let (sin, cos) = angle.sin_cos();
        let pairs = || self.across.iter().zip(&self.upwards);
        Self {
            across: pairs().map(|(a, b)| cos * a + sin * b).collect(),
            upwards: pairs().map(|(a, b)| sign * (cos * b - sin * a)).collect(),
        }
    }
}
