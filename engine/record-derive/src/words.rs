//! Enums whose variants are words.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Error, Fields, Ident, Token, Variant};

use crate::attributes::{Container, Member};

/// What reads an enum with these variants.
pub(crate) fn derive(
    name: &Ident,
    container: &Container,
    variants: &Punctuated<Variant, Token![,]>,
) -> syn::Result<TokenStream> {
    let (mut words, mut idents) = (Vec::new(), Vec::new());
    for variant in variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "a word has no fields"));
        }
        let member = Member::read(&variant.attrs)?;
        words.push(member.rename.unwrap_or_else(|| container.case.variant(&variant.ident.to_string())));
        idents.push(&variant.ident);
    }
    let Some((last, others)) = idents.split_last() else {
        return Err(Error::new_spanned(name, "an enum of words has variants"));
    };
    let indexes = 0..others.len();
    let first = idents.first();
    Ok(quote! {
        impl record::Target for #name {
            fn kind(&self) -> record::Kind {
                record::Kind::Str
            }

            fn expected(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }

            fn scalar(&mut self, scalar: record::Scalar<'_>) -> Result<(), record::Unfit> {
                const WORDS: &[&str] = &[#(#words),*];
                *self = match record::word(&scalar, WORDS)? {
                    #(#indexes => #name::#others,)*
                    _ => #name::#last,
                };
                Ok(())
            }
        }

        impl record::Empty for #name {
            fn empty() -> #name {
                #name::#first
            }
        }
    })
}
