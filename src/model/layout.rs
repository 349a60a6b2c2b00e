//! The parameters of a system by name and shape, without building it: what its weights file must hold.

use super::body::{CHANNELS, SMALLEST};
use super::structured::{PLANES, UNITS};
use super::{BodyKind, LikelihoodKind, ModelConfig, POSITIONS, PosteriorKind, PriorKind};
use super::{flow, two_layers};
use crate::data::PIXELS;

/// Names and shapes of the parameters of the model that `config` describes, in the order in which it visits them. `config` is
/// within its limits.
pub fn layout(config: &ModelConfig) -> Vec<(String, Vec<usize>)> {
    let mut layout = Layout::default();
    layout.encoder(config);
    layout.decoder(config);
    layout.prior(config);
    layout.codebooks(config);
    layout.two_layers(config);
    if config.classifier {
        layout.dense("classifier.hidden", PIXELS, config.hidden);
        layout.dense("classifier.logits", config.hidden, config.classes);
    }
    if config.critic {
        let (first, second) = (config.hidden / 4, config.hidden / 8);
        layout.dense("critic.first", PIXELS + config.label_width(), first);
        layout.dense("critic.second", first, second);
        layout.dense("critic.verdict", second, 1);
    }
    layout.tensors
}

#[derive(Default)]
struct Layout {
    tensors: Vec<(String, Vec<usize>)>,
}

impl Layout {
    fn add(&mut self, name: &str, shape: &[usize]) {
        self.tensors.push((name.into(), shape.into()));
    }

    fn dense(&mut self, name: &str, inputs: usize, outputs: usize) {
        self.add(&format!("{name}.weight"), &[outputs, inputs]);
        self.add(&format!("{name}.bias"), &[outputs]);
    }

    fn norms(&mut self, network: &str, channels: &[usize]) {
        for (stage, &channels) in channels.iter().enumerate() {
            for parameter in ["weight", "bias", "running_mean", "running_var"] {
                self.add(&format!("{network}.norms.{stage}.{parameter}"), &[channels]);
            }
        }
    }

    fn codebooks(&mut self, config: &ModelConfig) {
        for (network, &positions) in ["", "bottom."].into_iter().zip(config.levels()) {
            if positions != POSITIONS {
                self.add("bottom.lift.weight", &[config.latent, CHANNELS[0], 2, 2]);
                self.add("bottom.lift.bias", &[CHANNELS[0]]);
                self.dense("bottom.mean", 2 * CHANNELS[0], config.latent);
            }
            self.add(&format!("{network}codebook.vectors"), &[config.codes, config.latent]);
            self.add(&format!("{network}codebook.counts"), &[positions, config.codes]);
        }
    }

    fn two_layers(&mut self, config: &ModelConfig) {
        if config.posterior != PosteriorKind::TwoLayers {
            return;
        }
        let is_linear = config.body == BodyKind::Linear;
        let units = if is_linear { config.latent } else { two_layers::UNITS };
        for (network, features) in [("posterior", features(config)), ("prior", 0)] {
            if !is_linear {
                self.dense(&format!("two_layers.{network}.hidden"), config.latent, units);
            }
            self.dense(&format!("two_layers.{network}.mean"), features + units, config.latent);
            self.dense(&format!("two_layers.{network}.log_var"), features + units, config.latent);
        }
    }

    fn encoder(&mut self, config: &ModelConfig) {
        let ModelConfig { body, latent, hidden, posterior, .. } = *config;
        let inputs = PIXELS + config.label_width();
        let features = features(config);
        let width = match (body, posterior) {
            (BodyKind::Conv, _) | (_, PosteriorKind::TwoLayers) => latent,
            _ => config.code_width(),
        };
        match body {
            BodyKind::Linear => {}
            BodyKind::Mlp => self.dense("encoder.hidden", inputs, hidden),
            BodyKind::Conv => {
                let mut inputs = 1 + config.label_width();
                for (stage, &outputs) in stages(config).iter().enumerate() {
                    self.add(&format!("encoder.convolutions.convolutions.{stage}.weight"), &[outputs, inputs, 3, 3]);
                    inputs = outputs;
                }
                self.norms("encoder.convolutions", stages(config));
            }
        }
        if posterior != PosteriorKind::Categorical {
            self.dense("encoder.mean", features, width);
        }
        if matches!(
            posterior,
            PosteriorKind::Diagonal | PosteriorKind::Full | PosteriorKind::Flow | PosteriorKind::TwoLayers
        ) {
            self.dense("encoder.log_var", features, latent);
        }
        if posterior == PosteriorKind::Full {
            self.dense("encoder.below", features, latent * (latent - 1) / 2);
        }
        if posterior == PosteriorKind::Flow {
            self.dense("encoder.flow.context", features, flow::CONTEXT);
            for step in 0..config.flow_steps {
                self.dense(&format!("encoder.flow.steps.{step}.hidden"), latent + flow::CONTEXT, flow::UNITS);
                self.dense(&format!("encoder.flow.steps.{step}.output"), flow::UNITS, 2 * latent);
            }
        }
        if posterior == PosteriorKind::Categorical {
            self.dense("encoder.logits", features, config.code_width());
        }
    }

    fn decoder(&mut self, config: &ModelConfig) {
        let inputs = config.code_width() + config.label_width();
        match config.body {
            BodyKind::Linear => self.dense("decoder.logits", inputs, PIXELS),
            BodyKind::Mlp => {
                self.dense("decoder.hidden", inputs, config.hidden);
                self.dense("decoder.logits", config.hidden, PIXELS);
            }
            BodyKind::Conv => self.convolutional_decoder(config),
        }
        if config.likelihood == LikelihoodKind::LearnedGaussian {
            self.add("decoder.log_sigma", &[1]);
        }
        if config.likelihood == LikelihoodKind::StructuredGaussian {
            self.dense("decoder.factor.hidden", inputs, UNITS);
            self.dense("decoder.factor.planes", UNITS, PLANES * PIXELS);
        }
    }

    fn convolutional_decoder(&mut self, config: &ModelConfig) {
        const NETWORK: &str = "decoder.convolutions";
        let label = config.label_width();
        let channels: Vec<usize> = stages(config).iter().rev().copied().collect();
        if config.has_codebook() {
            self.add(&format!("{NETWORK}.mix.weight"), &[channels[0], config.latent + label, 3, 3]);
            if config.posterior == PosteriorKind::TwoCodebooks {
                self.add(&format!("{NETWORK}.merge.weight"), &[channels[1], channels[1] + config.latent, 3, 3]);
            }
        } else {
            self.dense(&format!("{NETWORK}.first"), config.code_width() + label, CHANNELS[2] * SMALLEST * SMALLEST);
        }
        self.norms(NETWORK, &channels);
        for (stage, &inputs) in channels.iter().enumerate() {
            let outputs = channels.get(stage + 1).copied().unwrap_or(1);
            self.add(&format!("{NETWORK}.convolutions.{stage}.weight"), &[inputs, outputs, 2, 2]);
            if outputs == 1 {
                self.add(&format!("{NETWORK}.convolutions.{stage}.bias"), &[1]);
            }
        }
    }

    fn prior(&mut self, config: &ModelConfig) {
        let ModelConfig { latent, components, .. } = *config;
        match config.prior {
            PriorKind::Standard => {}
            PriorKind::Mixture => {
                self.add("prior.mean", &[components, latent]);
                self.add("prior.log_var", &[components, latent]);
                self.add("prior.weight_logits", &[components]);
            }
            PriorKind::Vamp => {
                self.add("prior.pseudo_inputs", &[components, PIXELS]);
                if config.labelled {
                    self.add("prior.pseudo_labels", &[components, config.classes]);
                }
            }
            PriorKind::Fitted => {
                self.add("prior.fitted.mean", &[components, latent]);
                self.add("prior.fitted.variance", &[components, latent]);
                self.add("prior.fitted.weight", &[components]);
            }
        }
    }
}

/// Channels of the encoder's stages, which the decoder reverses.
fn stages(config: &ModelConfig) -> &'static [usize] {
    if config.has_codebook() { &CHANNELS[..2] } else { &CHANNELS }
}

/// Width of the encoder's features.
fn features(config: &ModelConfig) -> usize {
    match config.body {
        BodyKind::Linear => PIXELS + config.label_width(),
        BodyKind::Mlp => config.hidden,
        BodyKind::Conv if config.has_codebook() => CHANNELS[1],
        BodyKind::Conv => CHANNELS[2] * SMALLEST * SMALLEST,
    }
}
