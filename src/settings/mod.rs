//! The settings of a system as data: the kind, limits and default of each, and the conditions under which it has an effect.
//!
//! The page builds its form from this table, so that JavaScript repeats no limit and no rule. Only the number of classes is not in it:
//! it follows from the data set.

mod condition;

pub use condition::{Condition, values};

use std::ops::RangeInclusive;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::data::{Corruption, ERASER, LeftOut, PEN};
use crate::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind};
use crate::presets::{self, Preset};
use crate::train::{DivergenceKind, TrainConfig};

/// Everything that the page needs to know about settings and presets before it has a model.
#[derive(Debug, Clone, Serialize)]
pub struct Schema {
    /// All settings, in the order of the configurations' fields; in JSON an object by key.
    #[serde(serialize_with = "by_key")]
    pub settings: Vec<Setting>,
    /// The systems by name, the default first.
    pub presets: Vec<Preset>,
    /// Where the optimal weights are computed in closed form, as [`TrainConfig::solves`] decides.
    pub closed_form: Condition,
    /// Where the density of the posterior is known at its own samples, which likelihood estimates need.
    pub has_density: Condition,
    /// Where the posterior is a Gaussian, which aggregate posterior, covariances and the true posterior's view need.
    pub gaussian: Condition,
    /// What the pad draws with.
    pub strokes: StrokeWidths,
}

/// Widths in units of the pad.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct StrokeWidths {
    pub pen: f64,
    pub eraser: f64,
}

/// One setting.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// Its field's name in [`ModelConfig`] or [`TrainConfig`].
    #[serde(skip)]
    pub key: &'static str,
    /// The values that it takes.
    #[serde(flatten)]
    pub kind: Kind,
    /// The value in a default configuration.
    pub default: Value,
    /// The configuration that has it.
    pub part: Part,
    /// When a change takes effect.
    pub applies: Applies,
    /// Where the setting has an effect.
    pub when: Condition,
}

/// The values that a setting takes; limits are inclusive.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "limits and choices need no explanation")]
pub enum Kind {
    /// A whole number.
    Integer { min: u64, max: u64 },
    /// A real number.
    Number { min: f64, max: f64 },
    /// One of a few names.
    Choice { choices: Vec<Value> },
    /// True or false.
    Flag,
}

/// The configuration that a setting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// [`ModelConfig`].
    Model,
    /// [`TrainConfig`].
    Train,
}

/// When a change takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applies {
    /// From the next training step on.
    Now,
    /// Only in a new model.
    Restart,
}

/// The settings, presets and conditions.
pub fn schema() -> Schema {
    Schema {
        settings: [model_settings(), train_settings()].concat(),
        presets: presets::all(),
        closed_form: closed_form(),
        has_density: has_density(),
        gaussian: Condition::one_of("posterior", &[PosteriorKind::Diagonal, PosteriorKind::Full]),
        strokes: StrokeWidths { pen: PEN, eraser: ERASER },
    }
}

/// For each setting that decides whether the optimal weights have a closed form: where it allows one, and where it does not.
fn closed_form_parts() -> [[Condition; 2]; 6] {
    [
        split("body", &BodyKind::ALL, BodyKind::Linear),
        split("posterior", &PosteriorKind::ALL, PosteriorKind::Point),
        split("likelihood", &LikelihoodKind::ALL, LikelihoodKind::UnitGaussian),
        split("labelled", &[false, true], false),
        split("critic", &[false, true], false),
        split("corruption", &Corruption::ALL, Corruption::None),
    ]
}

/// That the setting `key` has the value `only`, and that it has another.
fn split<T: Copy + PartialEq + Serialize>(key: &'static str, all: &[T], only: T) -> [Condition; 2] {
    let others: Vec<T> = all.iter().copied().filter(|value| *value != only).collect();
    [Condition::one_of(key, &[only]), Condition::one_of(key, &others)]
}

/// Where the optimal weights have a closed form, computed or not.
fn has_closed_form() -> Condition {
    closed_form_parts().iter().fold(Condition::always(), |all, [allowed, _]| all.and(allowed))
}

fn closed_form() -> Condition {
    has_closed_form().and(&Condition::one_of("closed_form", &[true]))
}

/// Where training takes steps: the complement of [`closed_form`].
fn iterative() -> Condition {
    let trained = Condition::one_of("closed_form", &[false]);
    closed_form_parts().iter().fold(trained, |any, [_, refused]| any.or(refused))
}

/// Where the density of q(z | x), or its probability, is known at its own samples, as [`LoadedModel::has_density`](crate::evaluate::LoadedModel) has it.
fn has_density() -> Condition {
    has_density_while_training().or(&categorical())
}

/// Where that also holds for the samples of a training step: those of categorical variables are relaxed.
fn has_density_while_training() -> Condition {
    use PosteriorKind::{Diagonal, Flow, Full, TwoLayers};
    Condition::one_of("posterior", &[Diagonal, Full, Flow, TwoLayers])
}

fn decomposed() -> Condition {
    Condition::one_of("divergence", &[DivergenceKind::Decomposed])
}

fn categorical() -> Condition {
    Condition::one_of("posterior", &[PosteriorKind::Categorical])
}

/// Where the divergence is the KL in closed form, component by component.
fn kl() -> Condition {
    Condition::one_of("divergence", &[DivergenceKind::Kl])
        .and(&Condition::one_of("posterior", &[PosteriorKind::Diagonal, PosteriorKind::Full]))
        .and(&Condition::one_of("prior", &[PriorKind::Standard]))
}

fn model_settings() -> Vec<Setting> {
    type Config = ModelConfig;
    let is = |key| Condition::one_of(key, &[true]);
    let learned_prior = [PriorKind::Mixture, PriorKind::Vamp, PriorKind::Fitted];
    let codebook = [PosteriorKind::Codebook, PosteriorKind::TwoCodebooks];
    let hidden_layer = Condition::one_of("body", &[BodyKind::Mlp]).or(&is("classifier")).or(&is("critic"));
    let default = json!(Config::default());
    [
        ("body", choice(&BodyKind::ALL), Condition::always()),
        ("latent", integer(Config::LATENT), Condition::always()),
        ("hidden", integer(Config::HIDDEN), hidden_layer),
        ("posterior", choice(&PosteriorKind::ALL), Condition::always()),
        ("codes", integer(Config::CODES), Condition::one_of("posterior", &codebook)),
        ("flow_steps", integer(Config::FLOW_STEPS), Condition::one_of("posterior", &[PosteriorKind::Flow])),
        ("categories", integer(Config::CATEGORIES), Condition::one_of("posterior", &[PosteriorKind::Categorical])),
        ("prior", choice(&PriorKind::ALL), Condition::always()),
        ("components", integer(Config::COMPONENTS), Condition::one_of("prior", &learned_prior)),
        ("likelihood", choice(&LikelihoodKind::ALL), Condition::always()),
        ("labelled", Kind::Flag, Condition::always()),
        ("attributes", Kind::Flag, is("labelled")),
        ("classifier", Kind::Flag, Condition::always()),
        ("critic", Kind::Flag, Condition::always()),
    ]
    .map(|(key, kind, when)| Setting {
        key,
        kind,
        default: default[key].clone(),
        part: Part::Model,
        applies: Applies::Restart,
        when,
    })
    .into()
}

fn train_settings() -> Vec<Setting> {
    use Applies::{Now, Restart};
    type Config = TrainConfig;
    let is = |key| Condition::one_of(key, &[true]);
    let seed = Kind::Integer { min: *Config::SEED.start(), max: *Config::SEED.end() };
    let epochs = Kind::Integer { min: *Config::EPOCHS.start(), max: *Config::EPOCHS.end() };
    let default = json!(Config::default());
    [
        ("seed", seed, Restart, iterative()),
        ("batch", integer(Config::BATCH), Now, iterative()),
        ("learning_rate", number(Config::LEARNING_RATE), Now, iterative()),
        ("divergence", choice(&DivergenceKind::ALL), Now, iterative()),
        ("beta", number(Config::BETA), Now, iterative()),
        ("mi_weight", number(Config::PART_WEIGHT), Now, decomposed()),
        ("tc_weight", number(Config::PART_WEIGHT), Now, decomposed()),
        ("dimension_weight", number(Config::PART_WEIGHT), Now, decomposed()),
        ("free_bits", number(Config::FREE_BITS), Now, kl()),
        ("capacity", number(Config::CAPACITY), Now, kl()),
        ("warm_up", number(Config::WARM_UP), Now, iterative()),
        ("cycles", Kind::Integer { min: *Config::CYCLES.start(), max: *Config::CYCLES.end() }, Now, iterative()),
        ("cool_down", number(Config::COOL_DOWN), Now, iterative()),
        ("samples", integer(Config::SAMPLES), Now, has_density_while_training()),
        ("temperature", number(Config::TEMPERATURE), Now, categorical()),
        ("temperature_end", number(Config::TEMPERATURE), Now, categorical()),
        ("straight_through", Kind::Flag, Now, categorical()),
        ("critic_weight", number(Config::CRITIC_WEIGHT), Now, is("critic")),
        ("labels", integer(Config::LABELS), Restart, is("classifier")),
        ("left_out", choice(&LeftOut::ALL), Restart, is("labelled")),
        ("binarise", Kind::Flag, Now, iterative()),
        ("corruption", choice(&Corruption::ALL), Now, Condition::always()),
        ("closed_form", Kind::Flag, Restart, has_closed_form()),
        ("epochs", epochs, Now, iterative()),
    ]
    .map(|(key, kind, applies, when)| Setting {
        key,
        kind,
        default: default[key].clone(),
        part: Part::Train,
        applies,
        when,
    })
    .into()
}

fn integer(limits: RangeInclusive<usize>) -> Kind {
    Kind::Integer { min: *limits.start() as u64, max: *limits.end() as u64 }
}

fn number(limits: RangeInclusive<f64>) -> Kind {
    Kind::Number { min: *limits.start(), max: *limits.end() }
}

fn choice(kinds: &[impl Serialize]) -> Kind {
    Kind::Choice { choices: kinds.iter().map(|kind| json!(kind)).collect() }
}

/// As an object by key, in the order of the table.
fn by_key<S: Serializer>(settings: &[Setting], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(settings.iter().map(|setting| (setting.key, setting)))
}
