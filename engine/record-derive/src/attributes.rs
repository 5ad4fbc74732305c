//! serde's attributes, as far as reading goes by them.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, ExprPath, LitStr, Type};

use crate::case::Case;

/// Those of a type.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) case: Case,
    /// Fields that are not given are those of its default.
    pub(crate) default: bool,
    pub(crate) deny_unknown_fields: bool,
    pub(crate) try_from: Option<Type>,
}

/// Those of a field or a variant.
#[derive(Default)]
pub(crate) struct Member {
    pub(crate) rename: Option<String>,
    pub(crate) default: Option<Default_>,
    pub(crate) flatten: bool,
}

/// What a field is that is not given.
pub(crate) enum Default_ {
    /// Its type's default.
    OfType,
    /// What this function says.
    By(ExprPath),
}

impl Container {
    pub(crate) fn read(attributes: &[Attribute]) -> syn::Result<Container> {
        let mut container = Container::default();
        each(attributes, |meta| {
            if meta.path.is_ident("rename_all") {
                container.case = Case::read(&text(&meta)?)?;
            } else if meta.path.is_ident("default") {
                container.default = true;
            } else if meta.path.is_ident("deny_unknown_fields") {
                container.deny_unknown_fields = true;
            } else if meta.path.is_ident("try_from") {
                container.try_from = Some(text(&meta)?.parse()?);
            } else {
                return Err(meta.error("record::Deserialize does not know this attribute of a type"));
            }
            Ok(())
        })?;
        Ok(container)
    }
}

impl Member {
    pub(crate) fn read(attributes: &[Attribute]) -> syn::Result<Member> {
        let mut member = Member::default();
        each(attributes, |meta| {
            if meta.path.is_ident("rename") {
                member.rename = Some(text(&meta)?.value());
            } else if meta.path.is_ident("default") {
                let by = meta.input.peek(syn::Token![=]);
                member.default = Some(if by { Default_::By(text(&meta)?.parse()?) } else { Default_::OfType });
            } else if meta.path.is_ident("flatten") {
                member.flatten = true;
            } else if meta.path.is_ident("skip_serializing_if") {
                // For writing.
                text(&meta)?;
            } else {
                return Err(meta.error("record::Deserialize does not know this attribute of a field"));
            }
            Ok(())
        })?;
        Ok(member)
    }
}

/// Calls this for each attribute of serde.
fn each(attributes: &[Attribute], mut read: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>) -> syn::Result<()> {
    let serde = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    serde.into_iter().try_for_each(|attribute| attribute.parse_nested_meta(&mut read))
}

fn text(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    meta.value()?.parse()
}
