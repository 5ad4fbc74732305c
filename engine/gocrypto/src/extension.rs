//! Checking the content of certificates' extensions.

use std::collections::BTreeSet;

use crate::certificate::{Check, Or, fail};
use crate::reader::Reader;
use crate::{oids, tag};

/// Checks an extension whose content signing does not need.
pub(crate) fn check(oid: &[u8], critical: bool, value: Reader<'_>) -> Check<()> {
    match oid {
        oids::KEY_USAGE => {
            let mut value = value;
            Or::or(value.bits(), "invalid key usage").map(|_| ())
        }
        oids::BASIC_CONSTRAINTS => basic_constraints(value),
        oids::EXTENDED_KEY_USAGE => Or::or(each(value, |v| v.oid().map(|_| ())), "invalid extended key usages"),
        oids::SUBJECT_ALT_NAME => alternative_names(value),
        oids::AUTHORITY_KEY_ID if critical => Err(fail("authority key identifier incorrectly marked critical")),
        oids::AUTHORITY_KEY_ID => {
            let mut value = value;
            let id = value.element(tag::SEQUENCE).and_then(|mut id| id.optional(tag::context(0)));
            Or::or(id, "invalid authority key identifier").map(|_| ())
        }
        oids::AUTHORITY_INFO_ACCESS if critical => Err(fail("authority info access incorrectly marked critical")),
        oids::AUTHORITY_INFO_ACCESS => {
            let access = |v: &mut Reader<'_>| {
                let mut access = v.element(tag::SEQUENCE)?;
                access.oid()?;
                access.optional(tag::context(6)).map(|_| ())
            };
            Or::or(each(value, access), "invalid authority info access")
        }
        oids::CRL_DISTRIBUTION_POINTS => distribution_points(value),
        oids::CERTIFICATE_POLICIES => {
            let mut seen = BTreeSet::new();
            let policy = |v: &mut Reader<'_>| {
                let id = v.element(tag::SEQUENCE)?.element(tag::OID)?.0;
                (seen.insert(id.to_vec()) && is_oid(id)).then_some(())
            };
            Or::or(each(value, policy), "invalid certificate policies")
        }
        oids::POLICY_MAPPINGS => {
            let mapping = |v: &mut Reader<'_>| {
                let mut mapping = v.element(tag::SEQUENCE)?;
                mapping.element(tag::OID)?;
                mapping.element(tag::OID).map(|_| ())
            };
            Or::or(each(value, mapping), "invalid policy mappings extension")
        }
        oids::POLICY_CONSTRAINTS => policy_constraints(value),
        oids::INHIBIT_ANY_POLICY => {
            let mut value = value;
            Or::or(value.integer().and_then(|n| n.int()), "invalid inhibit any policy extension").map(|_| ())
        }
        _ => Ok(()),
    }
}

/// Reads all elements of a sequence by a function.
fn each<'a>(mut value: Reader<'a>, mut read: impl FnMut(&mut Reader<'a>) -> Option<()>) -> Option<()> {
    let mut list = value.element(tag::SEQUENCE)?;
    while !list.is_empty() {
        read(&mut list)?;
    }
    Some(())
}

/// Whether bytes are an object identifier, with numbers of any size.
fn is_oid(id: &[u8]) -> bool {
    let starts = std::iter::once(&0).chain(id).zip(id).filter(|(last, _)| **last < 0x80);
    id.last().is_some_and(|b| *b < 0x80) && !starts.into_iter().any(|(_, first)| *first == 0x80)
}

fn basic_constraints(mut value: Reader<'_>) -> Check<()> {
    let read = |value: &mut Reader<'_>| {
        let mut value = value.element(tag::SEQUENCE)?;
        if value.peek(tag::BOOLEAN) {
            value.boolean()?;
        }
        if value.peek(tag::INTEGER) {
            value.integer()?.int().filter(|n| *n >= 0)?;
        }
        Some(())
    };
    Or::or(read(&mut value), "invalid basic constraints")
}

fn alternative_names(mut value: Reader<'_>) -> Check<()> {
    let mut names = Or::or(value.element(tag::SEQUENCE), "invalid subject alternative names")?;
    while !names.is_empty() {
        let (tag, name, _) = Or::or(names.any(), "invalid subject alternative name")?;
        match tag ^ 0x80 {
            1 if !name.is_ascii() => return Err(fail("SAN rfc822Name is malformed")),
            2 if !name.is_ascii() => return Err(fail("SAN dNSName is malformed")),
            6 if !name.is_ascii() => return Err(fail("SAN uniformResourceIdentifier is malformed")),
            7 if ![4, 16].contains(&name.len()) => {
                return Err(fail(&format!("cannot parse IP address of length {}", name.len())));
            }
            _ => {}
        }
    }
    Ok(())
}

fn distribution_points(mut value: Reader<'_>) -> Check<()> {
    let mut points = Or::or(value.element(tag::SEQUENCE), "invalid CRL distribution points")?;
    let read = |points: &mut Reader<'_>| {
        let mut point = points.element(tag::SEQUENCE)?;
        let Some(mut name) = point.optional(tag::explicit(0))? else { return Some(()) };
        let mut uris = name.element(tag::explicit(0))?;
        while uris.peek(tag::context(6)) {
            uris.element(tag::context(6))?;
        }
        Some(())
    };
    while !points.is_empty() {
        Or::or(read(&mut points), "invalid CRL distribution point")?;
    }
    Ok(())
}

fn policy_constraints(mut value: Reader<'_>) -> Check<()> {
    let read = |value: &mut Reader<'_>| {
        let mut value = value.element(tag::SEQUENCE)?;
        for tag in [0, 1] {
            if value.peek(tag::context(tag)) {
                value.integer_as(tag::context(tag))?.int()?;
            }
        }
        Some(())
    };
    Or::or(read(&mut value), "invalid policy constraints extension")
}
