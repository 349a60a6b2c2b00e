//! The configuration of a model from the names and shapes of its tensors.

use std::collections::BTreeMap;

use crate::data::PIXELS;
use crate::model::{BodyKind, DIGITS, LikelihoodKind, ModelConfig, PosteriorKind, PriorKind, SEGMENTS};

/// Shapes by name.
pub(super) type Shapes = BTreeMap<String, Vec<usize>>;

/// The configuration that the tensors have, or `None` where none of them gives the size of a latent code. What they leave open
/// is `base`'s: sizes that no tensor depends on, and whether the likelihood is Bernoulli or a Gaussian of variance one. Where
/// shapes contradict each other, the most frequent size counts.
pub(super) fn infer(shapes: &Shapes, base: &ModelConfig) -> Option<ModelConfig> {
    let evidence = Evidence { shapes };
    let body = evidence.body();
    let posterior = evidence.posterior();
    let label = evidence.label_width(body);
    let prior = evidence.prior();
    // Attributes are as wide as a label of seven classes: metadata tell one from the other, or a part that has the classes themselves.
    let attributes = label == SEGMENTS && (base.attributes || evidence.classes() == Some(DIGITS.len()));
    Some(ModelConfig {
        body,
        latent: evidence.latent(body, posterior, label, base.categories)?,
        hidden: evidence.hidden(body, base.hidden),
        posterior,
        codes: evidence.vote(&[("codebook.vectors", 0), ("bottom.codebook.vectors", 0)]).unwrap_or(base.codes),
        flow_steps: evidence.flow_steps().unwrap_or(base.flow_steps),
        categories: base.categories,
        prior,
        components: evidence.components(prior).unwrap_or(base.components),
        likelihood: evidence.likelihood().unwrap_or(base.likelihood),
        labelled: label > 0,
        classes: match label {
            0 => base.classes,
            _ if attributes => DIGITS.len(),
            _ => label,
        },
        attributes: if label > 0 { attributes } else { base.attributes },
        classifier: evidence.any("classifier."),
        critic: evidence.any("critic."),
    })
}

struct Evidence<'a> {
    shapes: &'a Shapes,
}

impl Evidence<'_> {
    fn any(&self, prefix: &str) -> bool {
        self.shapes.range(prefix.to_string()..).next().is_some_and(|(name, _)| name.starts_with(prefix))
    }

    /// The size of the tensor along an axis.
    fn size(&self, name: &str, axis: usize) -> Option<usize> {
        self.shapes.get(name)?.get(axis).copied()
    }

    /// The size that most of these tensors have along the axis named with each; of equally frequent ones the first.
    fn vote(&self, tensors: &[(&str, usize)]) -> Option<usize> {
        let sizes: Vec<usize> = tensors.iter().filter_map(|&(name, axis)| self.size(name, axis)).collect();
        let frequency = |size: usize| sizes.iter().filter(|&&other| other == size).count();
        sizes.iter().copied().rev().max_by_key(|&size| frequency(size))
    }

    fn body(&self) -> BodyKind {
        let either =
            |layer: &str| ["encoder", "decoder"].iter().any(|network| self.any(&format!("{network}.{layer}.")));
        match (either("convolutions"), either("hidden")) {
            (true, _) => BodyKind::Conv,
            (false, true) => BodyKind::Mlp,
            (false, false) => BodyKind::Linear,
        }
    }

    fn posterior(&self) -> PosteriorKind {
        if self.any("bottom.") || self.any("decoder.convolutions.merge.") {
            PosteriorKind::TwoCodebooks
        } else if self.any("codebook.") {
            PosteriorKind::Codebook
        } else if self.any("encoder.logits.") {
            PosteriorKind::Categorical
        } else if self.any("encoder.flow.") {
            PosteriorKind::Flow
        } else if self.any("two_layers.") {
            PosteriorKind::TwoLayers
        } else if self.any("encoder.below.") {
            PosteriorKind::Full
        } else if self.any("encoder.log_var.") {
            PosteriorKind::Diagonal
        } else {
            PosteriorKind::Point
        }
    }

    /// `None` where no tensor tells.
    fn likelihood(&self) -> Option<LikelihoodKind> {
        if self.any("decoder.factor.") {
            Some(LikelihoodKind::StructuredGaussian)
        } else {
            self.any("decoder.log_sigma").then_some(LikelihoodKind::LearnedGaussian)
        }
    }

    fn prior(&self) -> PriorKind {
        if self.any("prior.pseudo_") {
            PriorKind::Vamp
        } else if self.any("prior.fitted.") {
            PriorKind::Fitted
        } else if self.any("prior.") {
            PriorKind::Mixture
        } else {
            PriorKind::Standard
        }
    }

    /// How many numbers of a label the encoder's first layer takes beside the image, as more inputs or channels: 0 where there are
    /// as many inputs as without a label, or more than any label has.
    fn label_width(&self, body: BodyKind) -> usize {
        let (layer, image) = match body {
            BodyKind::Linear if self.any("encoder.logits.") => ("encoder.logits.weight", PIXELS),
            BodyKind::Linear => ("encoder.mean.weight", PIXELS),
            BodyKind::Mlp => ("encoder.hidden.weight", PIXELS),
            BodyKind::Conv => ("encoder.convolutions.convolutions.0.weight", 1),
        };
        let more = self.size(layer, 1).and_then(|inputs| inputs.checked_sub(image));
        more.filter(|width| ModelConfig::CLASSES.contains(width)).unwrap_or(0)
    }

    /// The classes of the parts that have them whatever the label is given by.
    fn classes(&self) -> Option<usize> {
        self.vote(&[("classifier.logits.bias", 0), ("classifier.logits.weight", 0), ("prior.pseudo_labels", 1)])
    }

    /// Of a categorical code the tensors give the product of variables and `categories` alone.
    fn latent(&self, body: BodyKind, posterior: PosteriorKind, label: usize, categories: usize) -> Option<usize> {
        if matches!(posterior, PosteriorKind::Codebook | PosteriorKind::TwoCodebooks) {
            return self.vote(&[("codebook.vectors", 1), ("bottom.codebook.vectors", 1)]);
        }
        if posterior == PosteriorKind::Categorical {
            return Some(self.vote(&[("encoder.logits.bias", 0), ("encoder.logits.weight", 0)])? / categories.max(1));
        }
        let encoder = [
            ("encoder.mean.bias", 0),
            ("encoder.mean.weight", 0),
            ("encoder.log_var.bias", 0),
            ("encoder.log_var.weight", 0),
            ("prior.mean", 1),
            ("prior.fitted.mean", 1),
        ];
        let decoder = match body {
            BodyKind::Linear => "decoder.logits.weight",
            BodyKind::Mlp => "decoder.hidden.weight",
            BodyKind::Conv => "decoder.convolutions.first.weight",
        };
        let layers = if posterior == PosteriorKind::TwoLayers { 2 } else { 1 };
        self.vote(&encoder).or_else(|| Some(self.size(decoder, 1)?.saturating_sub(label) / layers))
    }

    fn hidden(&self, body: BodyKind, otherwise: usize) -> usize {
        let mut tensors = vec![("classifier.hidden.bias", 0), ("classifier.logits.weight", 1)];
        if body == BodyKind::Mlp {
            tensors.extend([
                ("encoder.hidden.bias", 0),
                ("encoder.hidden.weight", 0),
                ("encoder.mean.weight", 1),
                ("encoder.logits.weight", 1),
                ("decoder.hidden.bias", 0),
                ("decoder.hidden.weight", 0),
                ("decoder.logits.weight", 1),
            ]);
        }
        // Beside other bodies only the critic depends on it: its first layer has a quarter of the units, rounded down.
        let critic = || self.size("critic.first.bias", 0).filter(|&units| units != otherwise / 4);
        self.vote(&tensors).or_else(|| Some(critic()?.saturating_mul(4))).unwrap_or(otherwise)
    }

    /// How many steps a flow has, from the first without a gap.
    fn flow_steps(&self) -> Option<usize> {
        let has = |step: &usize| self.any(&format!("encoder.flow.steps.{step}."));
        let steps = (0..*ModelConfig::FLOW_STEPS.end()).take_while(has).count();
        (steps > 0).then_some(steps)
    }

    fn components(&self, prior: PriorKind) -> Option<usize> {
        match prior {
            PriorKind::Standard => None,
            PriorKind::Mixture => self.vote(&[("prior.mean", 0), ("prior.log_var", 0), ("prior.weight_logits", 0)]),
            PriorKind::Vamp => self.size("prior.pseudo_inputs", 0),
            PriorKind::Fitted => {
                self.vote(&[("prior.fitted.mean", 0), ("prior.fitted.variance", 0), ("prior.fitted.weight", 0)])
            }
        }
    }
}
