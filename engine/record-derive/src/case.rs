//! How names are written in JSON.

use syn::{Error, LitStr};

/// serde's `rename_all`.
#[derive(Clone, Copy, Default)]
pub(crate) enum Case {
    #[default]
    AsIs,
    Camel,
    Kebab,
    Lower,
}

impl Case {
    pub(crate) fn read(text: &LitStr) -> syn::Result<Case> {
        match text.value().as_str() {
            "camelCase" => Ok(Case::Camel),
            "kebab-case" => Ok(Case::Kebab),
            "lowercase" => Ok(Case::Lower),
            _ => Err(Error::new_spanned(text, "record::Deserialize knows camelCase, kebab-case and lowercase")),
        }
    }

    /// A field's name: `api_version`.
    pub(crate) fn field(self, name: &str) -> String {
        match self {
            Case::AsIs | Case::Lower => name.to_owned(),
            Case::Kebab => name.replace('_', "-"),
            Case::Camel => {
                let mut words = name.split('_');
                let first = words.next().unwrap_or_default().to_owned();
                words.fold(first, |name, word| name + &capital(word))
            }
        }
    }

    /// A variant's name: `NotFound`.
    pub(crate) fn variant(self, name: &str) -> String {
        match self {
            Case::AsIs => name.to_owned(),
            Case::Lower => name.to_ascii_lowercase(),
            Case::Camel => name[..1].to_ascii_lowercase() + &name[1..],
            Case::Kebab => {
                let mut kebab = String::new();
                for c in name.chars() {
                    if c.is_ascii_uppercase() && !kebab.is_empty() {
                        kebab.push('-');
                    }
                    kebab.push(c.to_ascii_lowercase());
                }
                kebab
            }
        }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde() {
        assert_eq!(Case::Camel.field("skip_schema_validation"), "skipSchemaValidation");
        assert_eq!(Case::Kebab.field("not_found"), "not-found");
        assert_eq!(Case::Lower.field("now_nanos"), "now_nanos");
        assert_eq!(Case::Camel.variant("NotFound"), "notFound");
        assert_eq!(Case::Kebab.variant("NotFound"), "not-found");
        assert_eq!(Case::Lower.variant("NotFound"), "notfound");
        assert_eq!(Case::AsIs.variant("OCIRepository"), "OCIRepository");
    }
}
