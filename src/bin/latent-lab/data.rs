//! `latent-lab data`: what is in a data set.

use latent_lab::data::SIDE;
use latent_lab::data::import::Summary;
use latent_lab::messages::sentence;
use latent_lab::weights::grouped;

use crate::Outcome;
use crate::data_set::read;
use crate::known_data::known;

/// Shades of the mean picture, from no ink to full ink.
const SHADES: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];

/// Say what a data set holds: images, classes, the mean picture, what looks inverted or transposed, and what is not read
#[derive(clap::Args)]
pub struct Args {
    /// Name, folder or file
    #[arg(value_name = "NAME|FOLDER|FILE")]
    data: String,
}

pub fn run(args: &Args) -> Outcome {
    let mut summary = read(&args.data)?.summary();
    if let Some(known) = known(&args.data) {
        summary.classes.iter_mut().zip(known.classes).for_each(|(class, &name)| class.name = name.into());
    }
    print(&summary);
    Ok(())
}

fn print(summary: &Summary) {
    let Summary { count, train, test, classes, refused, full_ink, mean, .. } = summary;
    println!("{} images", grouped(*count));
    if train + test > 0 {
        println!("by their files {} to train on, {} to test with", grouped(*train), grouped(*test));
    }
    match classes.len() {
        0 => println!("no classes"),
        classes => println!("{classes} classes"),
    }
    classes.iter().for_each(|class| println!("{:>8}  {}", grouped(class.count), class.name));
    for it in full_ink {
        println!("{}: full ink is {}", it.file, it.value);
    }
    println!("mean picture:");
    for row in mean.chunks_exact(SIDE) {
        let shade = |&ink: &f32| SHADES[((ink * SHADES.len() as f32) as usize).min(SHADES.len() - 1)];
        println!("  {}", row.iter().flat_map(|ink| [shade(ink); 2]).collect::<String>().trim_end());
    }
    if summary.looks_inverted {
        println!("looks inverted, dark ink on bright paper: read it with --invert");
    }
    if summary.looks_transposed {
        println!("looks transposed, columns where rows should be: read it with --transpose");
    }
    if !refused.is_empty() {
        println!("not read:");
    }
    refused.iter().for_each(|refused| println!("  {}", sentence(refused)));
}
