//! Runs as commands for a shell.

use std::env;

use super::run::Run;
use super::study::Study;

/// The command that trains this run, by the name under which this program was started.
pub fn command(study: &Study, run: &Run) -> String {
    let program = env::args().next().unwrap_or_else(|| "latent-lab".into());
    let [file, dir] = [&study.file, &study.dir].map(|path| path.display().to_string());
    let file = if file.starts_with('-') { format!("./{file}") } else { file }; // or it would be read as an option
    [&program, "sweep", "run", &file, &format!("--dir={dir}"), "--only", &run.name].map(quoted).join(" ")
}

/// A word as POSIX shells read it.
pub fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./,=:+".contains(letter);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
