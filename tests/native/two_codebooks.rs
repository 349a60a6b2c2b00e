//! Two codebooks, one over the other: codes, their counts by level, and what a level decides.

use std::sync::Arc;

use latent_lab::data::Corruption;
use latent_lab::device::cpu;
use latent_lab::evaluate::{At, Judge, LatentMap, RedrawnLevels, Scoring, score};
use latent_lab::model::{BOTTOM_POSITIONS, BodyKind, ModelConfig, POSITIONS, Posterior, PosteriorKind};
use latent_lab::objective::{Objective, Terms};
use latent_lab::snapshot::block_on;

use crate::evaluation::trained;
use crate::samples::{SMALL, bars, trained_on_bars};
use crate::tensors::{batch, images, values};

const CODES: usize = 8;

fn config() -> ModelConfig {
    let posterior = PosteriorKind::TwoCodebooks;
    ModelConfig { body: BodyKind::Conv, posterior, codes: CODES, latent: 4, ..SMALL }
}

#[test]
fn the_vectors_of_the_codes_are_what_is_decoded() {
    let model = trained_on_bars(config(), 5);
    let Posterior::Codebook(codes) = model.encode(images(&bars(3)), None) else { panic!("there are codes") };
    assert_eq!(
        codes.levels.iter().map(|level| level.negative_log_prior.dims()[1]).collect::<Vec<_>>(),
        [POSITIONS, BOTTOM_POSITIONS]
    );
    let indices = codes.indices();
    assert_eq!(indices.dims(), [3, POSITIONS + BOTTOM_POSITIONS]);
    let (embedded, decoded) = (values(model.embed(indices)), values(codes.straight_through()));
    assert!(embedded.iter().zip(&decoded).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn the_kl_is_that_of_both_levels() {
    let model = trained_on_bars(config(), 30);
    let terms = Terms::of(&model, batch(&bars(4), &[0.0; 16]), &Objective::BOUND);
    let levels = terms.codes.unwrap().levels;
    let each = levels.iter().map(|level| values(level.negative_log_prior.clone()).iter().sum::<f32>());
    let (kl, sum) = (values(terms.divergence).iter().sum::<f32>(), each.sum::<f32>());
    assert!((kl / sum - 1.0).abs() < 1e-4, "{kl} is not {sum}");
}

#[test]
fn both_levels_are_counted() {
    let model = trained(config(), 5);
    let mut map = LatentMap::new(model.clone(), Arc::new(bars(60)));
    while let (done, of) = block_on(map.encode_next(60)).unwrap()
        && done < of
    {}
    let usage = map.code_usage().unwrap();
    let counted: Vec<_> = usage.iter().map(|level| level.counts.iter().sum::<u32>() as usize).collect();
    assert_eq!(counted, [60 * POSITIONS, 60 * BOTTOM_POSITIONS]);
    let scoring = Scoring { at: At::Mean, seed: 0, corruption: Corruption::None };
    let found = block_on(score(&model.model, &model.config, &bars(60), 0..60, scoring, &cpu())).unwrap();
    for (perplexity, usage) in [found.perplexity, found.bottom_perplexity].into_iter().zip(&usage) {
        assert!((perplexity.unwrap() - usage.perplexity).abs() < 1e-3, "{perplexity:?} is not {}", usage.perplexity);
    }
    assert_eq!(found.usage.len(), POSITIONS + BOTTOM_POSITIONS);
}

#[test]
fn a_level_is_redrawn_by_itself() {
    let judge = Judge::new(10, 1, &cpu());
    let data = bars(20);
    let shares = |config| block_on(RedrawnLevels::of(&trained(config, 40), &judge, &data, 0..20, 1)).unwrap();
    let RedrawnLevels { top, bottom, both } = shares(config()).unwrap();
    assert!([top, bottom, both].iter().all(|share| (0.0..=1.0).contains(&share.mean)));
    let labelled = ModelConfig { labelled: true, ..config() };
    assert!(shares(labelled).is_some());
    assert!(shares(ModelConfig { posterior: PosteriorKind::Codebook, codes: CODES, ..SMALL }).is_none());
}
