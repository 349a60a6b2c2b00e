//! Every number about a model, asked for piece by piece so that nobody waits long for one.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::information::{ACTIVE, Activity, Beliefs, Split};
use super::{At, Case, Crowd, Judge, Moments, Quality, Score, Scoring, Subject, decode, draw, score, upload};
use crate::Result;
use crate::data::{Corruption, DIGITS, Dataset, Images};
use crate::model::{PosteriorKind, within};
use crate::random::{Stream, normals};
use crate::snapshot;

/// Sizes of a piece, each below a tenth of a second in the browser: images scored (they take two passes over the model and
/// a half), pictures judged, draws decoded for the likelihood, and pairs of a draw and a posterior.
const SCORED: usize = 50;
const JUDGED: usize = 100;
const DECODED: usize = 250;
const PAIRS: usize = 200_000;

/// How much to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extent {
    /// Test images scored, the first ones.
    pub images: usize,
    /// Importance-weighted draws an image.
    pub samples: usize,
    /// Pictures drawn from the prior.
    pub draws: usize,
    pub seed: u64,
    /// Whether the images that are scored have each pixel turned on or off for good. The judge sees grey ones always.
    pub binarised: bool,
}

impl Default for Extent {
    fn default() -> Self {
        Self { images: 1000, samples: 20, draws: 1000, seed: 0, binarised: false }
    }
}

impl Extent {
    pub const SAMPLES: RangeInclusive<usize> = 1..=100_000;
    const DRAWS: RangeInclusive<usize> = 10..=100_000;

    fn check(&self, data: &Dataset) -> Result<()> {
        within("The number of test images", self.images, 1..=data.len())?;
        within("The number of importance samples", self.samples, Self::SAMPLES)?;
        within("The number of draws", self.draws, Self::DRAWS)
    }
}

/// Where an examination stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
    /// What is being done, in a few words.
    pub stage: &'static str,
    pub report: Option<Report>,
}

/// Everything found out, in nats per image where not said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub images: usize,
    pub samples: usize,
    pub draws: usize,
    pub sampled: Bound,
    pub at_mean: Bound,
    /// Mean of log p(x), importance-weighted; none for a posterior without density, like all that needs one.
    pub log_likelihood: Option<f64>,
    /// Components whose activity is above [`ACTIVE`].
    pub active_units: usize,
    /// Variance over images of the posterior mean, `[Z]` (Burda et al. 2016); of the vector at each place, `[N]`, for a codebook.
    pub activity: Vec<f64>,
    /// I(x; z) over the images used, and so at most the log of their number (Hoffman & Johnson 2016).
    pub mutual_information: Option<f64>,
    /// KL(q(z) || p(z)), q(z) being the mean of the posteriors of the images used.
    pub aggregate_kl: Option<f64>,
    /// Of pictures drawn from the prior; of a labelled model the digits are asked for in turn.
    pub quality: Quality,
    /// Of as many test images, other than those both are compared with.
    pub real: Quality,
}

/// Both terms, with z as said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Bound {
    pub reconstruction: f64,
    pub kl: f64,
    pub total: f64,
}

/// An examination under way.
#[derive(Debug)]
pub struct Examination {
    subject: Subject,
    judge: Judge,
    grey: Arc<Dataset>,
    scored: Arc<Dataset>, // `grey`, or binarised
    extent: Extent,
    pieces: Vec<Piece>,
    done: usize,
    codes: Vec<f32>, // [draws, Z], from the prior
    sampled: Bound,  // sums, like all that follows
    at_mean: Bound,
    activity: Activity,
    beliefs: Beliefs,
    split: Split,
    log_likelihood: f64,
    reference: Moments,
    real: Crowd,
    drawn: Crowd,
}

#[derive(Debug, Clone)]
enum Piece {
    /// Terms of these test images, and their posteriors.
    Score(Range<usize>),
    Likelihood(Range<usize>),
    Information(Range<usize>),
    /// Every other test image, from the second: what pictures are compared with.
    Reference(Range<usize>),
    /// Every other test image, from the first: the yardstick.
    Real(Range<usize>),
    /// These draws from the prior, as this digit.
    Draw(u8, Range<usize>),
}

impl Piece {
    fn stage(&self) -> &'static str {
        match self {
            Self::Score(_) => "scoring test images",
            Self::Likelihood(_) => "estimating log p(x)",
            Self::Information(_) => "comparing codes with the prior",
            Self::Reference(_) | Self::Real(_) => "judging real digits",
            Self::Draw(..) => "judging samples",
        }
    }
}

impl Examination {
    /// # Errors
    /// When the extent is outside its limits, or the device is lost.
    pub async fn new(subject: Subject, judge: Judge, test: Arc<Dataset>, extent: Extent) -> Result<Self> {
        extent.check(&test)?;
        let codes = draw(&subject.model, subject.config.code_length(), extent.draws, extent.seed).await?;
        let binarised = |images: &Images| images.binarised(extent.seed);
        let scored = match extent.binarised {
            true => Arc::new(Dataset { images: binarised(&test.images), labels: test.labels.clone() }),
            false => test.clone(),
        };
        Ok(Self {
            pieces: pieces(&subject, &test, extent),
            subject,
            judge,
            grey: test,
            scored,
            extent,
            done: 0,
            codes,
            sampled: Bound::default(),
            at_mean: Bound::default(),
            activity: Activity::default(),
            beliefs: Beliefs::default(),
            split: Split::default(),
            log_likelihood: 0.0,
            reference: Moments::default(),
            real: Crowd::default(),
            drawn: Crowd::default(),
        })
    }

    /// Does one piece of the work, if any is left.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn advance(&mut self) -> Result<Progress> {
        if let Some(piece) = self.pieces.get(self.done).cloned() {
            self.work(piece).await?;
            self.done += 1;
        }
        let of = self.pieces.len();
        let stage = self.pieces[self.done.min(of - 1)].stage();
        Ok(Progress { done: self.done, of, stage, report: (self.done == of).then(|| self.report()) })
    }

    async fn work(&mut self, piece: Piece) -> Result<()> {
        match piece {
            Piece::Score(range) => self.score(range).await,
            Piece::Likelihood(range) => {
                let cases: Vec<_> = range.map(|index| Case::of(&self.scored, index)).collect();
                let Extent { samples, seed, .. } = self.extent;
                let nats = self.subject.negative_log_likelihoods(&cases, samples, seed).await?;
                self.log_likelihood -= nats.iter().sum::<f64>();
                Ok(())
            }
            Piece::Information(range) => self.inform(range).await,
            Piece::Reference(range) => {
                let (_, pictures) = self.every_other(range, 1);
                self.reference.add(&self.judge.look(pictures, &self.subject.device).await?.features);
                Ok(())
            }
            Piece::Real(range) => {
                let (digits, pictures) = self.every_other(range, 0);
                let verdicts = self.judge.look(pictures.clone(), &self.subject.device).await?;
                self.real.add(&pictures, &verdicts, Some(&digits));
                Ok(())
            }
            Piece::Draw(digit, range) => self.draw(digit, range).await,
        }
    }

    async fn score(&mut self, range: Range<usize>) -> Result<()> {
        let Subject { model, config, device } = &self.subject;
        for (at, sums) in [(At::Sample, &mut self.sampled), (At::Mean, &mut self.at_mean)] {
            let scoring = Scoring { at, seed: self.extent.seed, corruption: Corruption::None };
            sums.add(&score(model, config, &self.scored, range.clone(), scoring, device).await?);
        }
        let cases: Vec<_> = range.map(|index| Case::of(&self.scored, index)).collect();
        let (images, labels) = self.subject.tensors(&cases);
        let posterior = self.subject.model.encode(images, labels);
        self.activity.add(&posterior).await?;
        if self.subject.has_density() {
            self.beliefs.add(&posterior).await?;
        }
        Ok(())
    }

    /// One draw from each posterior, the one that the bound is scored with.
    async fn inform(&mut self, range: Range<usize>) -> Result<()> {
        let Self { beliefs, subject, extent, .. } = self;
        let rows = range.len();
        let codes: Vec<_> = range
            .clone()
            .map(|image| {
                let noise = normals(extent.seed, Stream::Test { image: image as u64 }, beliefs.latent());
                beliefs.sample(image, &noise)
            })
            .collect();
        let flat = codes.iter().flatten().map(|&z| z as f32).collect();
        let log_prior = subject.model.log_prior(upload(flat, [rows, beliefs.latent()], &subject.device));
        let log_prior = snapshot::read(vec![log_prior]).await?.remove(0);
        for ((image, z), log_prior) in range.zip(&codes).zip(log_prior) {
            self.split.add(beliefs.log_density(image, z), beliefs.log_aggregate(z), f64::from(log_prior));
        }
        Ok(())
    }

    async fn draw(&mut self, digit: u8, range: Range<usize>) -> Result<()> {
        let Subject { model, config, device } = &self.subject;
        let length = self.codes.len() / self.extent.draws;
        let codes = self.codes[range.start * length..range.end * length].to_vec();
        let asked = config.labelled.then_some(digit);
        let pictures = decode(model, codes, config.code_length(), asked, device).await?;
        let verdicts = self.judge.look(pictures.clone(), device).await?;
        let asked = asked.map(|digit| vec![digit; range.len()]);
        self.drawn.add(&pictures, &verdicts, asked.as_deref());
        Ok(())
    }

    fn every_other(&self, range: Range<usize>, first: usize) -> (Vec<u8>, Vec<f32>) {
        let indices = range.map(|at| 2 * at + first);
        let digits = indices.clone().map(|index| self.grey.labels.digit(index)).collect();
        (digits, indices.flat_map(|index| self.grey.images.pixels(index)).collect())
    }

    fn report(&self) -> Report {
        let Extent { images, samples, draws, .. } = self.extent;
        let activity = match self.subject.config.posterior {
            PosteriorKind::Codebook => sums(&self.activity.variances(), self.subject.config.latent),
            _ => self.activity.variances(),
        };
        let with_density = |value: f64| self.subject.has_density().then_some(value);
        Report {
            images,
            samples,
            draws,
            sampled: self.sampled.mean(images),
            at_mean: self.at_mean.mean(images),
            log_likelihood: with_density(self.log_likelihood / images as f64),
            active_units: activity.iter().filter(|&&variance| variance > ACTIVE).count(),
            activity,
            mutual_information: with_density(self.split.mutual_information()),
            aggregate_kl: with_density(self.split.aggregate_kl()),
            quality: self.drawn.quality(&self.reference),
            real: self.real.quality(&self.reference),
        }
    }
}

impl Bound {
    fn add(&mut self, score: &Score) {
        let images = score.images as f64;
        self.reconstruction += score.reconstruction * images;
        self.kl += score.kl * images;
        self.total += score.total * images;
    }

    fn mean(&self, images: usize) -> Self {
        let [reconstruction, kl, total] = [self.reconstruction, self.kl, self.total].map(|sum| sum / images as f64);
        Self { reconstruction, kl, total }
    }
}

/// The work to do: posteriors before what needs them all, and each draw a tenth of the digits.
fn pieces(subject: &Subject, test: &Dataset, extent: Extent) -> Vec<Piece> {
    let Extent { images, samples, draws, .. } = extent;
    let mut pieces: Vec<Piece> = cut(0..images, subject.at_once(SCORED)).map(Piece::Score).collect();
    if subject.has_density() {
        pieces.extend(cut(0..images, subject.at_once(DECODED) / samples).map(Piece::Likelihood));
        pieces.extend(cut(0..images, PAIRS / images).map(Piece::Information));
    }
    let (real, reference) = (test.len().div_ceil(2), test.len() / 2);
    pieces.extend(cut(0..reference, JUDGED).map(Piece::Reference));
    pieces.extend(cut(0..real.min(draws), JUDGED).map(Piece::Real));
    for digit in 0..DIGITS {
        let share = digit * draws / DIGITS..(digit + 1) * draws / DIGITS;
        pieces.extend(cut(share, subject.at_once(JUDGED)).map(|range| Piece::Draw(digit as u8, range)));
    }
    pieces
}

/// `range` in parts of `length`, the last one shorter.
fn cut(range: Range<usize>, length: usize) -> impl Iterator<Item = Range<usize>> {
    let length = length.max(1);
    range.clone().step_by(length).map(move |start| start..range.end.min(start + length))
}

/// The sum of each `length` numbers.
fn sums(numbers: &[f64], length: usize) -> Vec<f64> {
    numbers.chunks_exact(length).map(|part| part.iter().sum()).collect()
}
