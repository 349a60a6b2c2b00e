//! Values between Rust and JavaScript.

use js_sys::{Error as JsError, Float32Array, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::error::{InCatalogue, Value};
use crate::{Error, Result};

/// As a JavaScript `Error` named "Failure" with the properties `kind` and `values`; its message is for developers.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let failure = JsError::new(&error.to_string());
        failure.set_name("Failure");
        set(&failure, "kind", &error.kind().into());
        set(&failure, "values", &values_of(&error));
        failure.into()
    }
}

/// The values of an error as a plain object.
pub fn values_of(error: &dyn InCatalogue) -> JsValue {
    record(error.values().into_iter().map(|(name, value)| match value {
        Value::Text(text) => (name, text.into()),
        Value::Number(number) => (name, (*number).into()),
    }))
}

/// A Rust value from a plain object.
///
/// # Errors
/// When a field is missing, unknown or of another type.
pub fn deserialize<T: DeserializeOwned>(value: JsValue) -> Result<T> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| Error::SettingsUnreadable { detail: error.to_string().into() })
}

/// A plain object from a Rust value.
pub fn serialize(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).expect("plain numbers and text always translate")
}

/// A copy of these numbers.
pub fn floats(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}

/// A plain object of these fields.
pub fn record<'a>(fields: impl IntoIterator<Item = (&'a str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (key, value) in fields {
        set(&object, key, &value);
    }
    object.into()
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a fresh object takes any property");
}
