//! The smallest change of one or two components of a code after which the judge reads another class in the decoded picture.
//!
//! A change moves a code z along a direction: plus or minus one component, or one of [`DIRECTIONS`](SmallestChange::DIRECTIONS) directions in the plane of two. Every
//! component that moves stays within ±[`REACH`](SmallestChange::REACH), or as far as the code itself reaches: the range of the sliders. Its size |dz| is the
//! Euclidean norm of what is added. Along a direction the code is decoded at steps of [`SINGLE_STEP`](SmallestChange::SINGLE_STEP) (pairs: [`PAIR_STEP`](SmallestChange::PAIR_STEP)) from z outwards;
//! the first of them where the judge's most likely class is a wanted one is followed back in steps of 0.01 to the first point of the same
//! interval that is read so. A stretch of the wanted class that is narrower than one step can be missed.
//!
//! A pair is of interest only where it needs less than the best single component. All pairs are searched at once, from z outwards, so that
//! the first ones found are the smallest; the search ends after the step with the [`MOST_PAIRS`](SmallestChange::MOST_PAIRS)th.

use super::code_ray::{Ray, hundredth};
use super::interpolation::{PathKind, path};
use super::{Judge, LoadedModel, decode};
use crate::data::PIXELS;
use crate::{Error, Result};

/// Pictures decoded and judged per call, with a fully connected model: about 60 ms in the browser.
const STRIDE: usize = 240;

/// What the judge reads in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Its most likely class.
    pub label: u8,
    /// The probability of that.
    pub probability: f32,
}

/// A change after which another class is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// One or two components, and what is added to each.
    pub moves: Vec<(usize, f32)>,
    /// |dz|.
    pub distance: f32,
    /// What is read after it.
    pub reading: Reading,
    /// [`PICTURES`](SmallestChange::PICTURES) pictures at equal steps from the code to the changed one, `[PICTURES * P]`.
    pub pictures: Vec<f32>,
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchStage {
    /// Nothing is decoded yet.
    Start,
    /// So many components are searched, one at a time.
    Singles(usize),
    /// Pairs are searched up to so many hundredths of |dz|.
    Pairs(u32),
    /// All that is to be found is found.
    Done,
}

/// A search, done in short pieces.
#[derive(Debug)]
pub struct SmallestChange {
    model: LoadedModel,
    judge: Judge,
    z: Vec<f32>,
    label: Option<u8>,
    target: Option<u8>,
    components: Vec<usize>,
    reach: f64,
    place: Place,
    reading: Option<Reading>,
    singles: Vec<Change>,
    pairs: Vec<Change>,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Start,
    Single {
        at: usize,
    },
    /// The step outwards, from 1, and the first pair of it that is still to be searched.
    Pair {
        step: u32,
        at: usize,
    },
    Done,
}

impl SmallestChange {
    /// How far a component may move from zero, as the sliders do.
    pub const REACH: f32 = 4.0;
    /// Steps along one component, in hundredths.
    pub const SINGLE_STEP: u32 = 10;
    /// Steps along a direction of two components, in hundredths.
    pub const PAIR_STEP: u32 = 20;
    /// Directions in the plane of two components, a multiple of four; those along one component are left out.
    pub const DIRECTIONS: usize = 16;
    /// Pairs after which the search ends.
    pub const MOST_PAIRS: usize = 3;
    /// Pictures from the code to the changed one.
    pub const PICTURES: usize = 5;

    /// A search from the code `z` `[Z]` over these `components`, which are all in `0..Z`: for the class `target`, or for any other than
    /// the one that is read at z. `label` conditions the decoder of a conditional model.
    ///
    /// # Errors
    /// When the code consists of indices, or is not finite, or `target` is no class.
    pub fn new(
        model: LoadedModel,
        judge: Judge,
        z: Vec<f32>,
        label: Option<u8>,
        components: Vec<usize>,
        target: Option<u8>,
    ) -> Result<Self> {
        if model.config.index_values().is_some() {
            return Err(Error::ChangeNeedsComponents {});
        }
        if z.iter().any(|value| !value.is_finite()) {
            return Err(Error::CodesNotFinite {});
        }
        if let Some(class) = target {
            Error::check_quantity("label", class, 0..=judge.classes() as u8 - 1)?;
        }
        let reach = z.iter().fold(Self::REACH, |furthest, value| furthest.max(value.abs().ceil())).into();
        let [singles, pairs] = [const { Vec::new() }; 2];
        Ok(Self {
            model,
            judge,
            z,
            label,
            target,
            components,
            reach,
            place: Place::Start,
            reading: None,
            singles,
            pairs,
        })
    }

    /// Does the next piece.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn advance(&mut self) -> Result<SearchStage> {
        self.place = match self.place {
            Place::Start => {
                let reading = self.read(self.z.clone()).await?[0];
                self.reading = Some(reading);
                let reads_target = self.target == Some(reading.label);
                if reads_target || self.components.is_empty() { Place::Done } else { Place::Single { at: 0 } }
            }
            Place::Single { at } => {
                self.search_component(self.components[at]).await?;
                match at + 1 < self.components.len() {
                    true => Place::Single { at: at + 1 },
                    false => Place::Pair { step: 1, at: 0 },
                }
            }
            Place::Pair { step, at } => self.search_pairs(step, at).await?,
            Place::Done => Place::Done,
        };
        Ok(match self.place {
            Place::Start => SearchStage::Start,
            Place::Single { at } => SearchStage::Singles(at),
            Place::Pair { step, .. } => SearchStage::Pairs((step - 1) * Self::PAIR_STEP),
            Place::Done => SearchStage::Done,
        })
    }

    /// What is read in the picture of the code itself; `None` before the first piece.
    pub fn reading(&self) -> Option<Reading> {
        self.reading
    }

    /// The smallest change of each single component that has one, the smallest first.
    pub fn singles(&self) -> &[Change] {
        &self.singles
    }

    /// Changes of two components that are smaller than those of one, the smallest first.
    pub fn pairs(&self) -> &[Change] {
        &self.pairs
    }

    async fn search_component(&mut self, component: usize) -> Result<()> {
        let rays = [1.0, -1.0].map(|sign| Ray(vec![(component, sign)]));
        let sampled: Vec<(usize, u32)> = (0..rays.len())
            .flat_map(|ray| {
                let limit = self.limit(&rays[ray]);
                (1..=limit.div_ceil(Self::SINGLE_STEP)).map(move |step| (ray, limit.min(step * Self::SINGLE_STEP)))
            })
            .collect();
        let hits = self.hits(&rays, &sampled).await?;
        let mut best: Option<(u32, &Ray, Reading)> = None;
        for (at, ray) in rays.iter().enumerate() {
            let first = hits.iter().find(|((of, _), _)| *of == at);
            let Some(&((_, hundredths), reading)) = first else { continue };
            let (hundredths, reading) = self.refine(ray, hundredths, Self::SINGLE_STEP, reading).await?;
            if best.is_none_or(|(least, ..)| hundredths < least) {
                best = Some((hundredths, ray, reading));
            }
        }
        if let Some((hundredths, ray, reading)) = best {
            let change = self.change(ray, hundredths, reading).await?;
            insert(&mut self.singles, change);
        }
        Ok(())
    }

    /// Searches as many pairs as one piece holds, at one step outwards.
    async fn search_pairs(&mut self, step: u32, at: usize) -> Result<Place> {
        let least = (step - 1) * Self::PAIR_STEP;
        if at == 0 && !self.goes_on(step) {
            return Ok(Place::Done);
        }
        let of = self.components.len() * self.components.len().saturating_sub(1) / 2;
        let until = of.min(at + (self.model.rows_at_cost_of(STRIDE) / Self::DIRECTIONS).max(1));
        let pairs = self.pairs_of_components().skip(at).take(until - at);
        let rays: Vec<Ray> = pairs.flat_map(|(a, b)| Ray::of_pair(a, b, Self::DIRECTIONS)).collect();
        let sampled: Vec<(usize, u32)> = (0..rays.len())
            .map(|ray| (ray, self.limit(&rays[ray]).min(least + Self::PAIR_STEP)))
            .filter(|&(_, hundredths)| hundredths > least)
            .collect();
        for ((ray, hundredths), reading) in self.hits(&rays, &sampled).await? {
            let (hundredths, reading) = self.refine(&rays[ray], hundredths, Self::PAIR_STEP, reading).await?;
            self.take_pair(&rays[ray], hundredths, reading).await?;
        }
        Ok(if until < of { Place::Pair { step, at: until } } else { Place::Pair { step: step + 1, at: 0 } })
    }

    /// Whether the step outwards with this number can still find a smaller change.
    fn goes_on(&self, step: u32) -> bool {
        let least = (step - 1) * Self::PAIR_STEP; // all up to this is known
        let bound = self.singles.first().map_or(f32::INFINITY, |best| best.distance);
        self.pairs.len() < Self::MOST_PAIRS
            && hundredth(least) < f64::from(bound)
            && self
                .pairs_of_components()
                .flat_map(|(a, b)| Ray::of_pair(a, b, Self::DIRECTIONS))
                .any(|ray| self.limit(&ray) > least)
    }

    /// Keeps the smallest change of each pair, where it is smaller than any of one component.
    async fn take_pair(&mut self, ray: &Ray, hundredths: u32, reading: Reading) -> Result<()> {
        let distance = hundredth(hundredths) as f32;
        if self.singles.first().is_some_and(|best| best.distance <= distance) {
            return Ok(());
        }
        let same = |change: &Change| change.moves.iter().map(|it| it.0).eq(ray.0.iter().map(|it| it.0));
        if let Some(at) = self.pairs.iter().position(same) {
            if self.pairs[at].distance <= distance {
                return Ok(());
            }
            self.pairs.remove(at);
        }
        let change = self.change(ray, hundredths, reading).await?;
        insert(&mut self.pairs, change);
        Ok(())
    }

    fn pairs_of_components(&self) -> impl Iterator<Item = (usize, usize)> {
        let all = &self.components;
        (0..all.len()).flat_map(move |a| (a + 1..all.len()).map(move |b| (all[a], all[b])))
    }

    fn limit(&self, ray: &Ray) -> u32 {
        ray.limit(&self.z, self.reach)
    }

    /// The points, as ray and hundredths, where a wanted class is read.
    async fn hits(&self, rays: &[Ray], points: &[(usize, u32)]) -> Result<Vec<((usize, u32), Reading)>> {
        let codes: Vec<f32> =
            points.iter().flat_map(|&(ray, hundredths)| rays[ray].moved(&self.z, hundredths)).collect();
        let readings = self.read(codes).await?;
        Ok(points.iter().copied().zip(readings).filter(|(_, reading)| self.is_wanted(*reading)).collect())
    }

    /// The first point of the step that ends at `hundredths`, in steps of a hundredth, where a wanted class is read.
    async fn refine(&self, ray: &Ray, hundredths: u32, step: u32, reading: Reading) -> Result<(u32, Reading)> {
        let before = (hundredths - 1) / step * step;
        let points: Vec<(usize, u32)> = (before + 1..hundredths).map(|at| (0, at)).collect();
        let hits = self.hits(std::slice::from_ref(ray), &points).await?;
        Ok(hits.first().map_or((hundredths, reading), |&((_, at), reading)| (at, reading)))
    }

    fn is_wanted(&self, reading: Reading) -> bool {
        match self.target {
            Some(label) => reading.label == label,
            None => Some(reading.label) != self.reading.map(|at_z| at_z.label),
        }
    }

    async fn change(&self, ray: &Ray, hundredths: u32, reading: Reading) -> Result<Change> {
        let codes = path(PathKind::Straight, &self.z, &ray.moved(&self.z, hundredths), Self::PICTURES).points;
        let distance = hundredth(hundredths);
        Ok(Change {
            moves: ray.0.iter().map(|&(component, share)| (component, (share * distance) as f32)).collect(),
            distance: distance as f32,
            reading,
            pictures: self.pictures(codes).await?,
        })
    }

    async fn read(&self, codes: Vec<f32>) -> Result<Vec<Reading>> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let pictures = self.pictures(codes).await?;
        debug_assert!(pictures.len().is_multiple_of(PIXELS));
        let predictions = self.judge.classify(pictures, &self.model.device).await?;
        Ok(predictions.most_likely().map(|(label, probability)| Reading { label, probability }).collect())
    }

    async fn pictures(&self, codes: Vec<f32>) -> Result<Vec<f32>> {
        decode(&self.model.model, codes, self.z.len(), self.label, &self.model.device).await
    }
}

/// Into its place among `changes`, the smallest first.
fn insert(changes: &mut Vec<Change>, change: Change) {
    let at = changes.partition_point(|other| other.distance <= change.distance);
    changes.insert(at, change);
}
