//! What commands print. Work goes on where nobody reads of it: a closed pipe or a full disk ends no training.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::{Outcome, files};

/// Of each line on what goes wrong.
pub const PREFIX: &str = "latent-lab: ";

/// Prints what a command was asked for. A reader that has enough of it, such as `head`, is no error.
pub fn print(text: impl Display) -> Outcome {
    let mut output = io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(files::unwritable(Path::new("Standard output"), &error).into())
        }
        _ => Ok(()),
    }
}

/// Prints a line on how work goes on, where that is possible.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line on what goes wrong, where that is possible.
pub fn warn(line: impl Display) {
    let _ = writeln!(io::stderr(), "{PREFIX}{line}");
}
