//! The files of a data set: one, the four of a folder that are named as MNIST's, or all of a folder and of those in it.

use std::fs;
use std::path::{Path, PathBuf};

use latent_lab::data::import::Import;
use latent_lab::error::CommandLineError;

use crate::{Outcome, files};

/// Adds the files to an import, and decodes their pictures.
pub fn add(import: &mut Import, path: &Path) -> Outcome {
    let metadata = fs::metadata(path).map_err(|error| files::unreadable(path, &error))?;
    if metadata.is_file() {
        return add_file(import, path.file_name().unwrap_or_default().to_string_lossy().as_ref(), path, true);
    }
    if let Some(four) = named_as_mnist(path)? {
        for file in four {
            add_file(import, &file, &path.join(&file), true)?;
        }
        return Ok(());
    }
    for (name, file) in below(path, "")? {
        add_file(import, &name, &file, false)?;
    }
    Ok(())
}

/// Adds one file; what is refused of it ends the command only where it is `needed`, else it is among what the import has refused.
fn add_file(import: &mut Import, name: &str, path: &Path, needed: bool) -> Outcome {
    let pictures = match import.add(name, files::read(path)?) {
        Err(error) if needed => return Err(error.into()),
        added => added.unwrap_or(0),
    };
    for index in 0..pictures {
        decode(import, index)?;
    }
    Ok(())
}

fn decode(import: &mut Import, index: usize) -> Outcome {
    let decoded = match import.picture(index) {
        Ok(bytes) => image::load_from_memory(&bytes).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match decoded {
        Ok(picture) => {
            let pixels = picture.to_rgba8();
            Ok(import.take_pixels(index, pixels.width() as usize, pixels.height() as usize, &pixels)?)
        }
        Err(reason) => Ok(import.refuse(index, &reason)?),
    }
}

/// All files of a folder and of those in it, in the order of their names, with their paths from there.
fn below(folder: &Path, prefix: &str) -> Outcome<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(folder).map_err(|error| files::unreadable(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort_unstable();
    let mut found = Vec::new();
    for path in paths {
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        match path.is_dir() {
            true => found.extend(below(&path, &format!("{name}/"))?),
            false => found.push((name, path)),
        }
    }
    Ok(found)
}

/// The four files of a folder that has at least one of them, by the names that MNIST and EMNIST have.
fn named_as_mnist(folder: &Path) -> Outcome<Option<Vec<String>>> {
    let entries = fs::read_dir(folder).map_err(|error| files::unreadable(folder, &error))?;
    let mut present: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    present.sort_unstable();
    let parts: [(&[&str], &str, &str); 4] = [
        (&["train"], "images", "idx3"),
        (&["train"], "labels", "idx1"),
        (&["t10k", "test"], "images", "idx3"),
        (&["t10k", "test"], "labels", "idx1"),
    ];
    let endings = parts.map(|(splits, kind, format)| endings(splits, kind, format));
    if endings.iter().all(|endings| matching(&present, endings).is_empty()) {
        return Ok(None);
    }
    let shown = || folder.display().to_string().into();
    let one = |endings: &Vec<String>| match &matching(&present, endings)[..] {
        [file] => Ok(file.to_string()),
        [] => Err(CommandLineError::DataMissing { folder: shown(), file: endings[0].as_str().into() }),
        several => Err(CommandLineError::DataAmbiguous { folder: shown(), files: several.join(", ").into() }),
    };
    Ok(Some(endings.iter().map(one).collect::<Result<_, _>>()?))
}

/// How the names of such a file end; the first is MNIST's.
fn endings(splits: &[&str], kind: &str, format: &str) -> Vec<String> {
    let dashed = splits.iter().flat_map(|split| ["-", "."].map(|dash| format!("{split}-{kind}{dash}{format}-ubyte")));
    dashed.flat_map(|name| [name.clone(), format!("{name}.gz")]).collect()
}

/// The file of exactly such a name, else all whose names end so.
fn matching<'a>(present: &'a [String], endings: &[String]) -> Vec<&'a str> {
    let exact = endings.iter().find_map(|ending| present.iter().find(|name| *name == ending));
    let ends_so = |name: &&String| endings.iter().any(|ending| name.ends_with(&format!("-{ending}")));
    match exact {
        Some(name) => vec![name],
        None => present.iter().filter(ends_so).map(String::as_str).collect(),
    }
}
