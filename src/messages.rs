//! The page's catalogue of English messages, `www/messages/en.json`, for the command line. The wasm modules do not contain it:
//! the page has the catalogue itself.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::error::InCatalogue;
use crate::weights::Loaded;

static CATALOGUE: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../www/messages/en.json")).expect("a test parses the catalogue")
});

/// The sentence for an error, with its values filled in.
pub fn sentence(error: &dyn InCatalogue) -> String {
    let values = error.values().into_iter();
    values.fold(text(&["errors", error.kind()]).to_string(), |sentence, (name, value)| {
        let value = value.to_string();
        let words = match name {
            "setting" => text(&["settings", &value, "label"]),
            "quantity" => text(&["quantities", &value]),
            _ => &value,
        };
        sentence.replace(&format!("{{{name}}}"), words)
    })
}

/// Sentences about what was converted in a weights file, or left out of it.
pub fn changes(loaded: &Loaded) -> Vec<String> {
    let converted = loaded.converted.iter().map(|conversion| {
        let values = json!(conversion);
        let kind = values["kind"].as_str().expect("a conversion has a kind");
        let values = values.as_object().into_iter().flatten();
        values.fold(text(&["explore", "model", "converted", kind]).to_string(), |sentence, (name, value)| {
            sentence.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default())
        })
    });
    let unused = (!loaded.unused.is_empty())
        .then(|| text(&["explore", "model", "not_used"]).replace("{names}", &loaded.unused.join(", ")));
    converted.chain(unused).collect()
}

impl<E: InCatalogue + 'static> From<E> for Box<dyn InCatalogue> {
    fn from(error: E) -> Self {
        Box::new(error)
    }
}

/// The title of a preset.
pub fn preset_title(name: &str) -> &'static str {
    text(&["presets", name, "title"])
}

/// The message at a path of keys.
fn text(path: &[&str]) -> &'static str {
    let message = path.iter().fold(&*CATALOGUE, |messages, &key| &messages[key]);
    message.as_str().unwrap_or_else(|| panic!("the catalogue has no message {}", path.join(".")))
}
