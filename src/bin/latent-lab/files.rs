//! Reading and writing files, with errors that name the file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;

use latent_lab::error::CommandLineError;

use crate::Outcome;

/// The extension of a file that is being written, after its own.
const PARTIAL: &str = "part";

/// The bytes of a file.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    Ok(fs::read(path).map_err(|error| unreadable(path, &error))?)
}

/// Checks that a file can be written, before the work whose result it will hold.
pub fn check_writable(path: &Path) -> Outcome {
    if path.is_dir() {
        return Err(unwritable(path, &io::Error::from(io::ErrorKind::IsADirectory)).into());
    }
    let partial = partial(path);
    let written = File::create(&partial).and_then(|_| fs::remove_file(&partial));
    Ok(written.map_err(|error| unwritable(path, &error))?)
}

fn partial(path: &Path) -> PathBuf {
    path.with_added_extension(PARTIAL)
}

/// Writes a file under another name first, so that an interruption leaves no partial file of its own name. No other process writes it at the same time.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome {
    write_as(&partial(path), path, bytes)
}

/// The same for a file that several processes may write at the same time.
pub fn write_among_others(path: &Path, bytes: &[u8]) -> Outcome {
    write_as(&partial(&path.with_added_extension(process::id().to_string())), path, bytes)
}

fn write_as(partial: &Path, path: &Path, bytes: &[u8]) -> Outcome {
    let written = write_through(partial, bytes).and_then(|()| fs::rename(partial, path));
    if written.is_err() {
        let _ = fs::remove_file(partial); // it keeps a full disk full; what is returned is why
    }
    Ok(written.map_err(|error| unwritable(path, &error))?)
}

/// Writes a file to the disk itself: a power failure must not leave the name without its contents.
fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Creates a file to be written piece by piece.
pub fn create(path: &Path) -> Outcome<BufWriter<File>> {
    Ok(File::create(path).map(BufWriter::new).map_err(|error| unwritable(path, &error))?)
}

/// Removes a file, if it exists.
pub fn remove(path: &Path) -> Outcome {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(path, &error).into()),
        _ => Ok(()),
    }
}

/// Creates a folder and those that it lies in, unless they exist.
pub fn create_folder(path: &Path) -> Outcome {
    Ok(fs::create_dir_all(path).map_err(|error| unwritable(path, &error))?)
}

/// The error of a file or folder that cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> CommandLineError {
    CommandLineError::FileUnreadable { file: path.display().to_string().into(), reason: error.to_string().into() }
}

/// The error of a file or folder that cannot be written.
pub fn unwritable(path: &Path, error: &io::Error) -> CommandLineError {
    CommandLineError::FileUnwritable { file: path.display().to_string().into(), reason: error.to_string().into() }
}
