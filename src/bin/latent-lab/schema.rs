//! `latent-lab schema`: the table of settings as JSON, which the JavaScript tests read from `tests/www/schema.json`.

use latent_lab::settings::schema;

use crate::Outcome;

pub fn run() -> Outcome {
    println!("{}", serde_json::to_string_pretty(&schema()).expect("a schema is plain data"));
    Ok(())
}
