//! `latent-lab archive`: checks a lab that the page has saved, and lists what is in it.

use std::io::Read;
use std::path::PathBuf;

use flate2::read::DeflateDecoder;
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
        println!("{}", String::from_utf8_lossy(&lab.contents(inflate)?));
        return Ok(());
    }
    for entry in entries {
        println!("{:>12}  {}", entry.contents(inflate)?.len(), entry.name);
    }
    Ok(())
}

/// A deflate stream of `size` bytes, or `None`.
fn inflate(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut contents = Vec::new();
    DeflateDecoder::new(packed).take(size as u64 + 1).read_to_end(&mut contents).ok()?;
    Some(contents)
}
