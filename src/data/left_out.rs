//! A class whose images are not trained on.

use serde::{Deserialize, Serialize};

/// One of the digits, or none. In JSON a word, so that a form can offer it as a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum LeftOut {
    #[default]
    #[serde(rename = "none")]
    None,
    #[serde(rename = "0")]
    Zero,
    #[serde(rename = "1")]
    One,
    #[serde(rename = "2")]
    Two,
    #[serde(rename = "3")]
    Three,
    #[serde(rename = "4")]
    Four,
    #[serde(rename = "5")]
    Five,
    #[serde(rename = "6")]
    Six,
    #[serde(rename = "7")]
    Seven,
    #[serde(rename = "8")]
    Eight,
    #[serde(rename = "9")]
    Nine,
}

impl LeftOut {
    /// Every variant, in the order of the form.
    pub const ALL: [Self; 11] = [
        Self::None,
        Self::Zero,
        Self::One,
        Self::Two,
        Self::Three,
        Self::Four,
        Self::Five,
        Self::Six,
        Self::Seven,
        Self::Eight,
        Self::Nine,
    ];

    /// The class that is left out.
    pub fn class(self) -> Option<u8> {
        (self as u8).checked_sub(1)
    }
}
