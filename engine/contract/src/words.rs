//! Enums whose variants are words in JSON.

/// Defines an enum of words: the variant, its word in JSON, and its meaning are in one place.
///
/// A word that is not known is read as the variant `Other`: the answer comes from a newer engine, and a host that does
/// not know the word can still show the rest.
macro_rules! words {
    (
        $(#[$attr:meta])*
        pub enum $name:ident {
            $( $(#[doc = $doc:literal])+ $variant:ident = $word:literal, )*
        }
    ) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant, )*
            /// A word that this version does not know: the answer comes from a newer engine.
            Other,
        }

        impl $name {
            /// All of them but `Other`, in the order of their definition.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The word in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                    $name::Other => "other",
                }
            }

            /// The variant of a word.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.as_str() == word)
            }

            /// When it occurs, in a sentence or two: the documentation of the variant.
            pub fn meaning(self) -> &'static str {
                match self {
                    $($name::$variant => concat!($($doc, "\n"),+).trim_ascii(),)*
                    $name::Other => "A word that this version does not know.",
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let word = String::deserialize(deserializer)?;
                Ok($name::from_word(&word).unwrap_or($name::Other))
            }
        }

        /// Any word: newer engines may have more of them. Those of this version are its examples.
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let words: Vec<&str> = $name::ALL.iter().map(|one| one.as_str()).collect();
                schemars::json_schema!({"type": "string", "examples": words})
            }
        }
    };
}

pub(crate) use words;
