//! The map of a latent space: the first test images as places in a plane, and what else is seen in it.

use std::sync::Arc;

use super::{CodeMoments, CodeUsage, Example, LatentPlane, LoadedModel, ProjectedPrior};
use crate::data::Dataset;
use crate::model::PosteriorKind;
use crate::{Error, Result};

/// Test images encoded per call: about 30 ms in the browser.
const STRIDE: usize = 500;
/// From the middle to the outermost row of classes, where a code has one component: within three standard deviations of N(0, 1).
const OUTERMOST_ROW: f32 = 2.7;
/// Probability within one, two and three standard deviations of a Gaussian in a plane: what the contours of a prior enclose.
const CONTOURS: [f64; 3] = [0.393, 0.865, 0.989];

/// Test images, encoded step by step by a model that can be replaced by a later snapshot of itself.
#[derive(Debug)]
pub struct LatentMap {
    model: LoadedModel,
    data: Arc<Dataset>,
    codes: Vec<f32>, // [n, Z], or [n, N] of a codebook, which has no view
}

/// Which plane of latent space is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum MapAxes {
    /// Two components.
    Components([usize; 2]),
    /// The only component of a model that has one; the images lie in rows, by their classes.
    Single,
    /// The first two principal components of the codes, turned within their plane towards the directions of an earlier map.
    Principal(Option<LatentPlane>),
}

/// The encoded images in a plane.
#[derive(Debug, Clone)]
pub struct MapView {
    /// The plane.
    pub plane: LatentPlane,
    /// The place of each image, `[n * 2]`. Of a single component the second coordinate is the row of the image's class, the first on top.
    pub places: Vec<f32>,
    /// The label of each image, `[n]`; empty where they are not known.
    pub labels: Vec<u8>,
    /// Share of the codes' variance that the plane shows, 0..=1.
    pub share: f64,
    /// Variance of each component of the codes, `[Z]`.
    pub variances: Vec<f64>,
    /// Contours of a learned prior around 39 %, 86 % and 99 % of its probability: segments `[x, y, x, y]`. `None` for N(0, I),
    /// whose contours are circles of radius 1, 2 and 3, and for a single component; none of two layers.
    pub contours: Option<Vec<Vec<f32>>>,
}

impl LatentMap {
    /// A map of `data` with no image encoded yet. A view needs a model with a code of real numbers.
    pub fn new(model: LoadedModel, data: Arc<Dataset>) -> Self {
        Self { model, data, codes: Vec::new() }
    }

    /// Encodes the next few of the first `count` test images, and drops the codes of those beyond; returns how many are encoded, and of how many.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn encode_next(&mut self, count: usize) -> Result<(usize, usize)> {
        self.data.check_labels_for(&self.model.config)?;
        let of = count.min(self.data.len());
        self.codes.truncate(of * self.model.config.code_length());
        let chunk = self.len()..of.min(self.len() + self.model.rows_at_cost_of(STRIDE));
        if !chunk.is_empty() {
            let examples: Vec<_> = chunk.map(|index| Example::of(&self.data, index)).collect();
            self.codes.extend(self.model.codes(&examples).await?);
        }
        Ok((self.len(), of))
    }

    /// The encoded images in a plane.
    ///
    /// # Errors
    /// When a component does not exist, no image is encoded, codes or prior are not finite, or the device is lost.
    pub async fn view(&self, axes: MapAxes) -> Result<MapView> {
        let latent = self.model.config.code_length();
        Error::check_quantity("test_images", self.len(), 1..=self.data.len())?;
        let moments = CodeMoments::of(&self.codes, latent)?;
        let axes = if latent == 1 { MapAxes::Single } else { axes };
        let plane = match axes {
            MapAxes::Components(components) => {
                components.iter().try_for_each(|&it| Error::check_quantity("component", it, 0..=latent - 1))?;
                LatentPlane::of_components(components[0], components[1], latent)
            }
            MapAxes::Single => LatentPlane { across: vec![1.0], upwards: vec![0.0] },
            MapAxes::Principal(None) => moments.principal_plane(),
            MapAxes::Principal(Some(before)) => moments.principal_plane().aligned_with(&before),
        };
        let contours = match self.model.model.learned_prior() {
            // Of two layers each has a prior of its own, and that of the lower one has no closed form.
            _ if self.model.config.posterior == PosteriorKind::TwoLayers => Some(Vec::new()),
            Some(mixture) if latent > 1 => Some(ProjectedPrior::new(mixture, &plane).await?.contours(&CONTOURS)),
            _ => None,
        };
        let labels = self.labels().to_vec();
        let mut places = plane.project(&self.codes);
        if latent == 1 {
            let rows = labels.iter().map(|&label| row(label, self.data.info.classes.len()));
            places.chunks_exact_mut(2).zip(rows).for_each(|(place, row)| place[1] = row);
        }
        Ok(MapView { places, labels, share: moments.share(&plane), variances: moments.variances(), contours, plane })
    }

    /// The codes of the encoded images, `[n * Z]` or `[n * N]` of a codebook, and their labels, `[n]`, or none.
    pub fn codes(&self) -> (&[f32], &[u8]) {
        (&self.codes, self.labels())
    }

    /// How often the encoded images use each code of each codebook, the top one first; none without one.
    ///
    /// # Errors
    /// When a code is not finite.
    pub fn code_usage(&self) -> Result<Vec<CodeUsage>> {
        let config = &self.model.config;
        let mut first = 0;
        let of_level = |&positions: &usize| {
            let rows = self.codes.chunks_exact(config.code_length());
            let codes: Vec<f32> = rows.flat_map(|row| &row[first..first + positions]).copied().collect();
            first += positions;
            CodeUsage::of(&codes, config.codes)
        };
        config.levels().iter().map(of_level).collect()
    }

    fn labels(&self) -> &[u8] {
        self.data.labels.first(self.len())
    }

    fn len(&self) -> usize {
        self.codes.len() / self.model.config.code_length()
    }
}

/// The height of a class's row: the first class on top, 0 where there is only one.
fn row(label: u8, classes: usize) -> f32 {
    let last = classes.saturating_sub(1).max(1) as f32;
    if classes < 2 { 0.0 } else { OUTERMOST_ROW * (1.0 - 2.0 * f32::from(label) / last) }
}
