//! Derives what the crate `record` reads types by.

mod attributes;
mod case;
mod record;
mod words;

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, parse_macro_input};

use attributes::Container;

/// See `record::Deserialize`.
#[proc_macro_derive(Deserialize, attributes(serde))]
pub fn deserialize(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    derive(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn derive(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let container = Container::read(&input.attrs)?;
    let name = &input.ident;
    if let Some(from) = &container.try_from {
        return Ok(quote! {
            impl<'de> record::serde::Deserialize<'de> for #name {
                fn deserialize<D: record::serde::Deserializer<'de>>(deserializer: D) -> Result<#name, D::Error> {
                    record::deserialize(deserializer)
                }
            }

            impl record::Target for #name {
                fn kind(&self) -> record::Kind {
                    record::Kind::Object
                }

                fn expected(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    record::Target::expected(&<#from as record::Empty>::empty(), f)
                }

                fn fields(&mut self, fields: &mut dyn record::Fields) -> Result<(), record::Unfit> {
                    let mut from = <#from as record::Empty>::empty();
                    record::Target::fields(&mut from, fields)?;
                    *self = <#name as TryFrom<#from>>::try_from(from)
                        .map_err(|error| record::Unfit::Message(error.to_string()))?;
                    Ok(())
                }
            }
        });
    }
    let body = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => record::derive(name, &container, &fields.named)?,
            _ => return Err(Error::new_spanned(name, "only structs with named fields are records")),
        },
        Data::Enum(data) => words::derive(name, &container, &data.variants)?,
        Data::Union(_) => return Err(Error::new_spanned(name, "a union is no record")),
    };
    Ok(quote! {
        #body

        impl<'de> record::serde::Deserialize<'de> for #name {
            fn deserialize<D: record::serde::Deserializer<'de>>(deserializer: D) -> Result<#name, D::Error> {
                record::deserialize(deserializer)
            }
        }
    })
}
