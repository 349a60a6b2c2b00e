//! `latent-lab archive`: checks a lab that the page has saved, and lists what is in it.

use std::path::PathBuf;

use latent_lab::archive::{LAB, read};

use crate::{Outcome, files};

/// Check an archive that the page has saved, and list its files with their sizes in bytes
#[derive(clap::Args)]
pub struct Args {
    /// Archive, such as latent-lab-2026-11-26.zip
    #[arg(value_name = "ARCHIVE")]
    path: PathBuf,
    /// Print lab.json, with the settings, the drawing and the latent code, in the place of the list
    #[arg(long)]
    lab: bool,
}

pub fn run(args: &Args) -> Outcome {
    let bytes = files::read(&args.path)?;
    let entries = read(&bytes)?;
    if args.lab {
        let lab = entries.iter().find(|entry| entry.name == LAB).expect("an archive without it is an error");
        println!("{}", String::from_utf8_lossy(lab.contents));
        return Ok(());
    }
    for entry in entries {
        println!("{:>12}  {}", entry.contents.len(), entry.name);
    }
    Ok(())
}
