//! Structs.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Error, Field, Ident, Token, Type};

use crate::attributes::{Container, Default_, Member};

/// As many fields a mask has bits for.
const MOST: usize = 64;

/// What reads a struct with these fields.
pub(crate) fn derive(
    name: &Ident,
    container: &Container,
    fields: &Punctuated<Field, Token![,]>,
) -> syn::Result<TokenStream> {
    let (mut names, mut places, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    let mut others = None;
    let mut required = 0_u64;
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let member = Member::read(&field.attrs)?;
        let ty = &field.ty;
        let has_default = container.default || member.default.is_some();
        empty.push(match &member.default {
            Some(Default_::By(path)) => quote! { #ident: #path() },
            Some(Default_::OfType) => quote! { #ident: <#ty as Default>::default() },
            None => quote! { #ident: record::Empty::empty() },
        });
        if member.flatten {
            others = Some(quote! {
                fn others(&mut self) -> Option<&mut #ty> {
                    Some(&mut self.#ident)
                }
            });
            continue;
        }
        if !has_default && !is_option(ty) {
            required |= 1_u64.checked_shl(names.len() as u32).unwrap_or_default();
        }
        names.push(member.rename.unwrap_or_else(|| container.case.field(&ident.unraw().to_string())));
        places.push(ident);
    }
    if names.len() > MOST {
        return Err(Error::new_spanned(name, "a record has 64 fields at most"));
    }
    let text = name.to_string();
    let closed = container.deny_unknown_fields;
    let Some((last, first)) = places.split_last() else {
        return Err(Error::new_spanned(name, "a record has fields"));
    };
    let indexes = 0..first.len();
    let empty = match container.default {
        true => quote! { <#name as Default>::default() },
        false => quote! { #name { #(#empty),* } },
    };
    Ok(quote! {
        impl record::Record for #name {
            const SHAPE: &'static record::Shape =
                &record::Shape { name: #text, fields: &[#(#names),*], required: #required, closed: #closed };

            fn field(&mut self, index: usize) -> &mut dyn record::Target {
                match index {
                    #(#indexes => &mut self.#first,)*
                    _ => &mut self.#last,
                }
            }

            #others
        }

        impl record::Empty for #name {
            fn empty() -> #name {
                #empty
            }
        }
    })
}

/// Whether a field may be left out because its type says so: serde goes by the name, too.
fn is_option(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Option")
}
