//! Values of errors.

use std::fmt;

/// A value of an error: a name or a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A name, or a parser's or driver's own message.
    Text(String),
    /// A number; it may be NaN.
    Number(f64),
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Number(number) => number.fmt(formatter),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

macro_rules! number_values {
    ($($number:ty)*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(number as f64)
            }
        }
    )*};
}
number_values!(u8 u32 u64 usize f32 f64);
