//! Conditions on settings as data, so that JavaScript evaluates the same ones as Rust.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::ModelConfig;
use crate::train::TrainConfig;

/// A condition on settings: a list of alternatives, each with the allowed values of some settings. It holds if one alternative
/// allows the values of all its settings.
///
/// An alternative that names no setting always holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Condition(pub Vec<BTreeMap<&'static str, Vec<Value>>>);

impl Condition {
    pub(super) fn always() -> Self {
        Self(vec![BTreeMap::new()])
    }

    /// That the setting `key` has one of `values`.
    pub(super) fn one_of(key: &'static str, values: &[impl Serialize]) -> Self {
        Self(vec![BTreeMap::from([(key, values.iter().map(|value| json!(value)).collect())])])
    }

    /// That both hold.
    pub(super) fn and(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|left| other.0.iter().map(move |right| (left, right)));
        Self(pairs.map(|(left, right)| left.clone().into_iter().chain(right.clone()).collect()).collect())
    }

    /// That either holds.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self([&*self.0, &*other.0].concat())
    }

    /// Whether these settings meet the condition.
    pub fn holds(&self, model: &ModelConfig, train: &TrainConfig) -> bool {
        let values = values(model, train);
        self.0.iter().any(|all| all.iter().all(|(&key, allowed)| allowed.contains(&values[key])))
    }
}

/// The values of all settings, by key.
pub fn values(model: &ModelConfig, train: &TrainConfig) -> Map<String, Value> {
    [json!(model), json!(train)]
        .into_iter()
        .flat_map(|part| match part {
            Value::Object(fields) => fields,
            _ => unreachable!("a configuration is a record"),
        })
        .collect()
}
