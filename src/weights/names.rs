//! Names of tensors in files of other programs, and ours for them: prefixes of wrappers, and PyTorch's VAE example.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Conversion;
use crate::model::{BodyKind, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind, layout};

/// Modules of PyTorch that wrap another at any depth and add their name to its parameters: DataParallel, `torch.compile`, FSDP
/// and checkpointing.
const WRAPPERS: [&str; 4] = ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];
/// How parts of a prefix begin under which an optimiser keeps tensors with the parameters' names and shapes.
const OPTIMISERS: [&str; 5] = ["adam", "exp_avg", "max_exp_avg", "momentum", "optim"];
/// How parts of a prefix of averaged copies begin; they count where there is nothing else.
const AVERAGES: [&str; 5] = ["ema", "shadow", "swa", "average", "avg"];

/// Layers of PyTorch's VAE example (`vae/main.py` of pytorch/examples, 784-400-20-400-784) and ours.
const PYTORCH_EXAMPLE: [(&str, &str); 5] = [
    ("fc1", "encoder.hidden"),
    ("fc21", "encoder.mean"),
    ("fc22", "encoder.log_var"),
    ("fc3", "decoder.hidden"),
    ("fc4", "decoder.logits"),
];

/// The tensors of a file by our names.
#[derive(Debug, Default)]
pub(super) struct Names {
    originals: BTreeMap<String, String>,
    /// What was changed.
    pub conversions: Vec<Conversion>,
}

impl Names {
    /// Reads the names of a file's tensors, all of one model. Those that mean nothing here stay out.
    pub fn of(names: &[String]) -> Self {
        let unwrapped: Vec<String> = names.iter().map(|name| without_wrappers(name)).collect();
        let vocabularies = [Vocabulary::ours(), Vocabulary::pytorch_example()];
        let best = vocabularies
            .iter()
            .filter_map(|vocabulary| Some((vocabulary, vocabulary.prefix(&unwrapped)?)))
            .max_by_key(|(vocabulary, found)| (found.known, !vocabulary.foreign));
        let Some((vocabulary, Prefix { prefix, .. })) = best else { return Self::default() };

        let (mut originals, mut removed) = (BTreeMap::<String, String>::new(), BTreeSet::new());
        for (original, unwrapped) in names.iter().zip(&unwrapped) {
            let Some(theirs) = unwrapped.strip_prefix(prefix) else { continue };
            let Some(ours) = vocabulary.ours.get(theirs) else { continue };
            // Of two that differ in wrappers alone, the plainer one counts.
            if originals.get(ours).is_none_or(|other| original.len() < other.len()) {
                originals.insert(ours.clone(), original.clone());
                removed.extend(parts_removed(original, prefix, theirs));
            }
        }
        let mut conversions: Vec<_> = removed.into_iter().map(|prefix| Conversion::Prefix { prefix }).collect();
        if vocabulary.foreign {
            conversions.push(Conversion::PytorchExample {});
        }
        Self { originals, conversions }
    }

    /// Our names, each with the file's.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.originals.iter().map(|(ours, original)| (ours.as_str(), original.as_str()))
    }

    /// The file's name of the tensor that we call `ours`.
    pub fn original(&self, ours: &str) -> Option<&str> {
        self.originals.get(ours).map(String::as_str)
    }
}

/// Names that one program gives the parameters of a model.
struct Vocabulary {
    /// Our names by theirs.
    ours: BTreeMap<String, String>,
    foreign: bool,
}

/// What stands before the names of a model, and how many of them do.
struct Prefix<'a> {
    prefix: &'a str,
    known: usize,
}

impl Vocabulary {
    /// The names of all parameters in the family.
    fn ours() -> Self {
        let mlp = ModelConfig { posterior: PosteriorKind::Full, prior: PriorKind::Mixture, ..ModelConfig::default() };
        let vamp = ModelConfig { prior: PriorKind::Vamp, labelled: true, classifier: true, ..ModelConfig::default() };
        let critic = ModelConfig {
            body: BodyKind::Conv,
            likelihood: LikelihoodKind::LearnedGaussian,
            critic: true,
            ..ModelConfig::default()
        };
        let codebook = ModelConfig { posterior: PosteriorKind::Codebook, ..critic.clone() };
        let fitted = ModelConfig { prior: PriorKind::Fitted, ..ModelConfig::default() };
        let two_codebooks = ModelConfig { posterior: PosteriorKind::TwoCodebooks, ..critic.clone() };
        let two_layers = ModelConfig { posterior: PosteriorKind::TwoLayers, ..ModelConfig::default() };
        let flow_steps = *ModelConfig::FLOW_STEPS.end();
        let flow = ModelConfig { posterior: PosteriorKind::Flow, flow_steps, ..ModelConfig::default() };
        let categorical = ModelConfig { posterior: PosteriorKind::Categorical, ..ModelConfig::default() };
        let structured = ModelConfig { likelihood: LikelihoodKind::StructuredGaussian, ..ModelConfig::default() };
        let models = [mlp, vamp, critic, codebook, two_codebooks, two_layers, fitted, flow, categorical, structured];
        let names = models.iter().flat_map(layout).map(|(name, _)| (name.clone(), name));
        Self { ours: names.collect(), foreign: false }
    }

    fn pytorch_example() -> Self {
        let parameters =
            PYTORCH_EXAMPLE.iter().flat_map(|layers| ["weight", "bias"].map(|parameter| (layers, parameter)));
        let names = parameters
            .map(|((theirs, ours), parameter)| (format!("{theirs}.{parameter}"), format!("{ours}.{parameter}")));
        Self { ours: names.collect(), foreign: true }
    }

    /// The prefix of most known names, no optimiser's; `None` where no name is known. Foreign names must all be there.
    fn prefix<'a>(&self, names: &'a [String]) -> Option<Prefix<'a>> {
        let mut known = BTreeMap::<&str, usize>::new();
        for name in names {
            let starts = std::iter::once(0).chain(name.match_indices('.').map(|(dot, _)| dot + 1));
            if let Some(start) = starts.into_iter().find(|&start| self.ours.contains_key(&name[start..])) {
                *known.entry(&name[..start]).or_default() += 1;
            }
        }
        known
            .into_iter()
            .filter(|&(prefix, known)| !any_part(prefix, &OPTIMISERS) && (!self.foreign || known >= self.ours.len()))
            .max_by_key(|&(prefix, known)| {
                (known, !any_part(prefix, &AVERAGES), Reverse(prefix.len()), Reverse(prefix))
            })
            .map(|(prefix, known)| Prefix { prefix, known })
    }
}

/// Whether a part of the dotted `prefix` begins with one of these.
fn any_part(prefix: &str, beginnings: &[&str]) -> bool {
    prefix.split('.').any(|part| beginnings.iter().any(|beginning| part.starts_with(beginning)))
}

fn without_wrappers(name: &str) -> String {
    name.split('.').filter(|part| !WRAPPERS.contains(part)).collect::<Vec<_>>().join(".")
}

/// What a name lost on its way to `theirs`: the prefix as the file has it, or wrappers within the name.
fn parts_removed(original: &str, prefix: &str, theirs: &str) -> Vec<String> {
    if let Some(before) = original.strip_suffix(theirs) {
        return if before.is_empty() { vec![] } else { vec![before.into()] };
    }
    let wrappers = original.split('.').filter(|part| WRAPPERS.contains(part)).map(|part| format!("{part}."));
    Some(prefix.to_string()).filter(|prefix| !prefix.is_empty()).into_iter().chain(wrappers).collect()
}
