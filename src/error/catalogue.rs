//! What an enum of errors has in common with every other: a key of the catalogue and values for its sentence.

use std::fmt;

use super::Value;

/// An error as a kind and values, whose sentence is in the message catalogue.
pub trait InCatalogue: fmt::Debug {
    /// The key of the sentence among the catalogue's `errors`.
    fn kind(&self) -> &'static str;

    /// The values that the sentence names.
    fn values(&self) -> Vec<(&'static str, &Value)>;
}

/// Declares an enum of errors, each variant with its kind and the names of its values.
macro_rules! errors {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $kind:literal { $($value:ident),* $(,)? })*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "the variants say what their values are")]
        pub enum $name {
            $($(#[$doc])* $variant { $($value: $crate::error::Value),* },)*
        }

        impl $name {
            /// Every kind with the names of its values.
            pub const KINDS: &'static [(&'static str, &'static [&'static str])] =
                &[$(($kind, &[$(stringify!($value)),*])),*];
        }

        impl $crate::error::InCatalogue for $name {
            fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $kind,)*
                }
            }

            fn values(&self) -> Vec<(&'static str, &$crate::error::Value)> {
                match self {
                    $(Self::$variant { $($value),* } => vec![$((stringify!($value), $value)),*],)*
                }
            }
        }
    };
}
pub(crate) use errors;
