//! Tables of `latent-lab evaluate`, with the row names of the page.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use latent_lab::data::{Corruption, PIXELS};
use latent_lab::evaluate::{
    ACTIVE, COLLAPSED, ClusterAccuracy, ClusterScore, Collapse, Estimate, FactorInformation, LossTerms,
    ReconstructionError, RedrawnLevels, Report, ResidualCorrelation, SampleQuality, Score, Stage,
};

/// For the progress bar.
pub fn in_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Score => "ELBO terms of test images",
        Stage::Likelihood => "-log p(x) by importance sampling",
        Stage::AggregatePosterior => "comparing the codes with the prior",
        Stage::RealImages => "classifying test images",
        Stage::PriorSamples => "classifying prior samples",
        Stage::Distances => "comparing prior samples with test images",
    }
}

/// Reconstruction, KL and total at a sample and at the mean, and what the model's system adds, of the `score` at a sample.
pub fn elbo_terms(score: &Score, sampled: LossTerms, at_mean: LossTerms) {
    let row = |name: &str, LossTerms { reconstruction, kl, total }: LossTerms| {
        [name.into(), with_error(reconstruction), with_error(kl), with_error(total)].to_vec()
    };
    println!(
        "ELBO terms, nats per image, {} test images, with standard errors of the mean over them\n{}",
        score.images,
        table(
            ["", "Reconstruction", "KL", "Total"],
            [row("z sampled: total is -ELBO", sampled), row("z = posterior mean: total is no bound", at_mean)],
        )
    );
    if let Some(perplexity) = score.perplexity {
        println!("Code perplexity: {perplexity:.1}");
    }
    if let Some(perplexity) = score.bottom_perplexity {
        println!("Code perplexity of the bottom level: {perplexity:.1}");
    }
    if let Some(accuracy) = score.accuracy {
        println!("Classifier accuracy: {:.2} %", 100.0 * accuracy);
    }
    if let Some(sigma) = score.pixel_sigma {
        println!("Learned standard deviation of a pixel: {sigma:.4}");
    }
}

/// -log p(x), active and collapsed units, the parts of the KL, MMD and clusters.
pub fn codes(report: &Report) {
    let Report { images, importance_samples, activity, .. } = report;
    let estimate = |value: Option<Estimate>, reason: &str| value.map_or(format!("n/a: {reason}"), with_error);
    let parts = report.kl_parts;
    let of_gaussian = |value: Option<Estimate>| estimate(value, "no Gaussian posterior");
    let collapsed = match &report.collapsed {
        Some(Collapse { units, components, .. }) => format!("{units} of {components}"),
        None => "n/a: no Gaussian posterior, or a learned prior".into(),
    };
    let rows = [
        (format!("-log p(x), {importance_samples} importance samples"), estimate(report.nll, "no density")),
        (
            "Bits per dimension, of -log p(x)".into(),
            report.bits_per_dimension.map_or("n/a: no density of these pixels".into(), with_fine_error),
        ),
        (
            format!("Active units (variance of the posterior mean above {ACTIVE})"),
            format!("{} of {}", report.active_units, activity.len()),
        ),
        (format!("Collapsed units (mean KL below {COLLAPSED} nats)"), collapsed),
        (
            format!("Mutual information I(x; z), at most log {images} = {:.2}", (*images as f64).ln()),
            of_gaussian(parts.map(|parts| parts.mutual_information)),
        ),
        ("Total correlation of q(z)".into(), of_gaussian(parts.map(|parts| parts.total_correlation))),
        (
            "Dimension-wise KL, sum of KL(q(z_k) || p(z_k))".into(),
            estimate(parts.and_then(|parts| parts.dimension_kl), "no Gaussian posterior, or a learned prior"),
        ),
        ("KL(q(z) || p(z)) of the aggregate posterior".into(), of_gaussian(parts.map(|parts| parts.aggregate_kl))),
        (
            "MMD^2 between codes and prior samples (no unit)".into(),
            report.mmd.map_or("n/a: no distances between codes".into(), with_fine_error),
        ),
    ];
    let rows = rows.map(|(name, value)| vec![name, value]);
    println!("\nNats per image, the first {images} test images, ± standard error\n{}", table(["", ""], rows));
    if let Some(clusters) = &report.cluster_accuracy {
        print_clusters(clusters);
    }
}

fn print_clusters(ClusterAccuracy { components, used, kind, share }: &ClusterAccuracy) {
    let name = match kind {
        ClusterScore::Accuracy => "Unsupervised accuracy, a class for each component by the best one-to-one assignment",
        ClusterScore::Purity => "Cluster purity, to each component the most frequent class of its images",
    };
    println!("{name}: {}; {used} of {components} components are used", with_percent_error(*share));
}

/// The component that depends most on each factor of the data, where the factors are known.
pub fn factors(report: &Report) {
    let Some(FactorInformation { names, entropy, mutual_information, gap, mig }) = &report.factors else { return };
    let rows = names.iter().enumerate().map(|(f, name)| {
        let of_components = &mutual_information[f];
        let (most, _) = of_components.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).expect("a component");
        vec![
            name.clone(),
            format!("z {}", most + 1),
            format!("{:.2} of {:.2} nats", of_components[most], entropy[f]),
            format!("{:.3}", gap[f]),
        ]
    });
    let header = ["Factor", "Component", "I(z; factor) of H(factor)", "Gap to the next component"];
    println!("\nMutual information gap (MIG): {mig:.3}\n{}", table(header, rows));
}

/// Quality of prior samples and of test images.
pub fn pictures(report: &Report) {
    let (Some(quality), Some(real)) = (&report.quality, &report.real) else {
        println!("\nNo judge for this data set: the quality of prior samples is not measured.");
        return;
    };
    let row = |name: String, it: &SampleQuality| {
        let accuracy = it.accuracy.map_or("n/a".into(), |share| format!("{:.1} %", 100.0 * share));
        vec![
            name,
            format!("{:.3}", it.confidence),
            accuracy,
            with_error(it.frechet.distance),
            it.precision.map_or("n/a".into(), with_percent_error),
            it.recall.map_or("n/a".into(), with_percent_error),
            nats(it.pixel_entropy),
            format!("{:?}", it.histogram),
        ]
    };
    println!(
        "\nPictures classified by the judge, comparable within this project only\n{}",
        table(
            [
                "",
                "Confidence",
                "Conditional accuracy",
                "Fréchet distance",
                "Precision",
                "Recall",
                "Pixel entropy, nats",
                "Classified as each class"
            ],
            [
                row(format!("{} prior samples", report.prior_samples), quality),
                row(format!("{} test images", real.pictures), real)
            ],
        )
    );
    println!(
        "For test images the accuracy is the judge's own. Fréchet distances are comparable for equal numbers of pictures only; precision and recall \
         take as many real images as samples, at most half of the test images."
    );
}

/// Conditional accuracy of the prior samples of each class, and which class was not trained on.
pub fn by_class(report: &Report, classes: &[String], left_out: Option<u8>) {
    let Some(shares) = report.quality.as_ref().and_then(|quality| quality.accuracy_by_class.as_ref()) else { return };
    let percent = |share: &Option<f64>| share.map_or("n/a".into(), |share| format!("{:.1} %", 100.0 * share));
    let rows = classes.iter().zip(shares).enumerate().map(|(class, (name, share))| {
        let seen = if left_out.map(usize::from) == Some(class) { "never trained on" } else { "" };
        vec![name.clone(), percent(share), seen.into()]
    });
    println!("\nConditional accuracy of prior samples by class\n{}", table(["Class", "Classified as it", ""], rows));
}

/// Squared error and pixel entropy of reconstructions.
pub fn reconstruction_error(error: &ReconstructionError, corruption: Corruption) {
    println!(
        "\nReconstructions of {} test images at the posterior mean: squared error {:.2} per image ({:.4} per pixel), \
         pixel entropy {:.2} nats",
        error.images,
        error.squared_error,
        error.squared_error / PIXELS as f64,
        error.pixel_entropy
    );
    if corruption != Corruption::None {
        println!("Squared error of the corrupted images: {:.2} per image", error.input_squared_error);
    }
}

/// Which class is read after the codes of one level are drawn from the prior.
pub fn redrawn_levels(RedrawnLevels { top, bottom, both }: RedrawnLevels, images: usize) {
    let percent = |Estimate { mean, standard_error }| format!("{:.1} ± {:.1} %", 100.0 * mean, 100.0 * standard_error);
    let rows = [("top, 7 x 7", top), ("bottom, 14 x 14", bottom), ("both", both)];
    let rows = rows.map(|(level, share)| vec![level.into(), percent(share)]);
    println!(
        "\nReconstructions of the first {images} test images that the judge reads as another class after codes are drawn from the \
         prior, place by place\n{}",
        table(["Codes drawn", "Changed classes"], rows)
    );
}

/// Correlation of residuals between neighbouring pixels.
pub fn residuals(ResidualCorrelation { images, real, sampled }: &ResidualCorrelation) {
    println!(
        "\nCorrelation of residuals between neighbouring pixels, the first {images} test images: {real:.3}; of samples of p(x | z): \
          {sampled:.3}"
    );
}

fn nats(value: f64) -> String {
    format!("{value:.2}")
}

/// A mean and its standard error.
fn with_error(Estimate { mean, standard_error }: Estimate) -> String {
    format!("{mean:.2} ± {standard_error:.2}")
}

fn with_fine_error(Estimate { mean, standard_error }: Estimate) -> String {
    format!("{mean:.4} ± {standard_error:.4}")
}

fn with_percent_error(Estimate { mean, standard_error }: Estimate) -> String {
    format!("{:.1} ± {:.1} %", 100.0 * mean, 100.0 * standard_error)
}

fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header).add_rows(rows);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}
