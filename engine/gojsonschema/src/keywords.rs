//! The keywords for objects, arrays, strings and numbers, and those that combine schemas.

use std::convert::Infallible;

use goregex::Regex;
use govalue::Str;

use crate::decimal::Decimal;
use crate::equal::duplicates;
use crate::error::{Failure, Failures, Kind};
use crate::json::{Json, Number, Object};
use crate::message::{float, integer, quote, quote_all};
use crate::node::{
    Additional, ArrayRules, Conditions, Dependency, Items, NodeId, NumberRules, ObjectRules, StringRules,
};
use crate::validate::{Abort, Run, Step, Token};

/// The names that an object lacks.
fn missing<'r>(object: &Object, required: &'r [Str]) -> Vec<&'r [u8]> {
    required.iter().filter(|name| object.get(name).is_none()).map(|name| &**name).collect()
}

/// Whether a text matches; charges what that takes.
#[inline(never)]
fn matches(run: &mut Run<'_>, regex: &Regex, text: &[u8]) -> bool {
    let mut charge = |work: u64| if run.charge(work / 64) { Ok(()) } else { Err(None::<Infallible>) };
    regex.metered(&mut charge).is_match(text).unwrap_or(false)
}

impl<'a> Step<'a, '_> {
    #[inline(never)]
    pub(crate) fn object(&mut self, run: &mut Run<'a>, rules: &'a ObjectRules, object: &'a Object) {
        let size = object.entries().len() as i64;
        if !run.charge(size as u64 / 8) {
            return;
        }
        self.bound(run, "minProperties", size, rules.min_properties);
        self.bound(run, "maxProperties", size, rules.max_properties);
        match missing(object, &rules.required)[..] {
            [] => {}
            [one] => self.fail(run, &|| format!("missing property {}", quote(one))),
            ref names => self.fail(run, &|| format!("missing properties {}", quote_all(names))),
        }
        if self.decided() {
            return;
        }
        for (name, dependency) in &rules.dependencies {
            if object.get(name).is_some() {
                match dependency {
                    Dependency::Properties(names) => self.dependent(run, object, name, names),
                    Dependency::Schema(id) => self.dependent_schema(run, *id),
                }
            }
        }
        self.properties(run, rules, object);
        if let Some(id) = rules.property_names {
            self.property_names(run, id, object);
        }
        for (name, id) in &rules.dependent_schemas {
            if object.get(name).is_some() {
                self.dependent_schema(run, *id);
            }
        }
        for (name, names) in &rules.dependent_required {
            if object.get(name).is_some() {
                self.dependent(run, object, name, names);
            }
        }
    }

    #[inline(never)]
    fn property_names(&mut self, run: &mut Run<'a>, id: NodeId, object: &Object) {
        for (name, _) in object.entries() {
            let causes = run.apart(self.node.at(id), &Json::String(name.clone()));
            if !causes.is_empty() {
                let kind = Kind::Message(format!("invalid propertyName {}", quote(name)));
                self.failures.push(Box::new(Failure { at: Vec::new(), kind, causes }));
            }
        }
    }

    /// `minItems` and its like; the first letters of the keyword say which bound it is.
    #[inline(never)]
    fn bound(&mut self, run: &Run<'a>, keyword: &'static str, got: i64, want: Option<i64>) {
        let Some(want) = want else { return };
        if if keyword.starts_with("min") { got < want } else { got > want } {
            self.fail(run, &|| format!("{keyword}: got {}, want {}", integer(got), integer(want)));
        }
    }

    #[inline(never)]
    fn dependent_schema(&mut self, run: &mut Run<'a>, id: NodeId) {
        let result = self.same(run, id, false);
        self.failures.extend(result.err());
    }

    #[inline(never)]
    fn dependent(&mut self, run: &mut Run<'a>, object: &Object, name: &[u8], required: &[Str]) {
        let missing = missing(object, required);
        if !missing.is_empty() {
            self.fail(run, &|| format!("properties {} required, if {} exists", quote_all(&missing), quote(name)));
        }
    }

    /// `properties`, `patternProperties` and `additionalProperties`.
    #[inline(never)]
    fn properties(&mut self, run: &mut Run<'a>, rules: &'a ObjectRules, object: &'a Object) {
        let nothing = rules.properties.is_empty() && rules.pattern_properties.is_empty();
        if nothing && matches!(rules.additional, None | Some(Additional::Bool(true))) {
            if rules.additional.is_some() {
                (0..object.entries().len()).for_each(|i| self.unevaluated.evaluate(i));
            }
            return;
        }
        let mut not_allowed: Vec<&[u8]> = Vec::new();
        for (i, (name, value)) in object.entries().iter().enumerate() {
            if self.decided() {
                return;
            }
            let mut evaluated = false;
            if let Some(id) = rules.property(name) {
                evaluated = true;
                self.child(run, id, value, Token::Key(name));
            }
            for (regex, id) in &rules.pattern_properties {
                if matches(run, regex, name) {
                    evaluated = true;
                    self.child(run, *id, value, Token::Key(name));
                }
            }
            match rules.additional {
                Some(additional) if !evaluated => {
                    evaluated = true;
                    match additional {
                        Additional::Bool(true) => {}
                        Additional::Bool(false) => not_allowed.push(name),
                        Additional::Schema(id) => self.child(run, id, value, Token::Key(name)),
                    }
                }
                _ => {}
            }
            if evaluated {
                self.unevaluated.evaluate(i);
            }
        }
        if !not_allowed.is_empty() {
            self.fail(run, &|| format!("additional properties {} not allowed", quote_all(&not_allowed)));
        }
    }

    #[inline(never)]
    pub(crate) fn array(&mut self, run: &mut Run<'a>, rules: &'a ArrayRules, items: &'a [Json]) {
        let size = items.len() as i64;
        self.bound(run, "minItems", size, rules.min_items);
        self.bound(run, "maxItems", size, rules.max_items);
        if rules.unique_items {
            match duplicates(items, &mut |n| run.charge(n)) {
                Err(error) => {
                    let failure = self.incomparable(run, &error);
                    self.failures.push(failure);
                }
                Ok(Some((i, j))) => {
                    self.fail(run, &|| format!("items at {} and {} are equal", integer(i as i64), integer(j as i64)));
                }
                Ok(None) => {}
            }
        }
        self.items(run, rules, items);
        if let Some(id) = rules.contains {
            self.contains(run, rules, id, items);
        }
    }

    #[inline(never)]
    fn items(&mut self, run: &mut Run<'a>, rules: &'a ArrayRules, items: &'a [Json]) {
        let (first, rest) = match &rules.items {
            Some(Items::All(id)) => (&[][..], Some(Additional::Schema(*id))),
            Some(Items::Each(ids)) => (&ids[..], rules.additional),
            None => (&rules.prefix_items[..], rules.rest_items.map(Additional::Schema)),
        };
        let mut numbered = items.iter().enumerate();
        for (id, (i, item)) in first.iter().zip(numbered.by_ref()) {
            self.child(run, *id, item, Token::Index(i));
        }
        let evaluated = first.len().min(items.len());
        match rest {
            Some(Additional::Schema(id)) => {
                // Go counts these from zero again.
                for (i, item) in items.iter().skip(evaluated).enumerate() {
                    self.child(run, id, item, Token::Index(i));
                }
            }
            Some(Additional::Bool(false)) if evaluated < items.len() => {
                let count = (items.len() - evaluated) as i64;
                self.fail(run, &|| format!("last {} additionalItem(s) not allowed", integer(count)));
            }
            _ => {}
        }
    }

    #[inline(never)]
    fn contains(&mut self, run: &mut Run<'a>, rules: &'a ArrayRules, id: NodeId, items: &'a [Json]) {
        let mut failures = Vec::new();
        let mut matched = Vec::new();
        for (i, item) in items.iter().enumerate() {
            match self.part(run, id, item, Token::Index(i)) {
                Err(failure) => failures.push(failure),
                Ok(()) => {
                    matched.push(i);
                    if self.node.node().version >= 2020 {
                        self.unevaluated.evaluate(i);
                    }
                }
            }
        }
        let count = matched.len() as i64;
        let places = || matched.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        let found = || format!("matched {} items at {}", integer(count), places());
        match rules.min_contains {
            Some(want) if count < want => {
                let found = if count == 0 { "none matched".to_owned() } else { found() };
                let want = integer(want);
                self.fail_because(run, failures, &|| {
                    format!("min {want} items required to match contains schema, but {found}")
                });
            }
            None if count == 0 => self.fail_because(run, failures, &|| "no items match contains schema".to_owned()),
            _ => {}
        }
        if let Some(want) = rules.max_contains.filter(|want| count > *want) {
            self.fail(run, &|| {
                format!("max {} items required to match contains schema, but {}", integer(want), found())
            });
        }
    }

    #[inline(never)]
    pub(crate) fn string(&mut self, run: &mut Run<'a>, rules: &'a StringRules, text: &'a [u8]) {
        let bounded = rules.min_length.is_some() || rules.max_length.is_some();
        let len = if bounded { govalue::utf8::count(text) as i64 } else { 0 };
        self.bound(run, "minLength", len, rules.min_length);
        self.bound(run, "maxLength", len, rules.max_length);
        if let Some(regex) = &rules.pattern
            && !matches(run, regex, text)
        {
            self.fail(run, &|| format!("{} does not match pattern {}", quote(text), quote(regex.pattern())));
        }
    }

    #[inline(never)]
    pub(crate) fn number(&mut self, run: &mut Run<'a>, rules: &'a NumberRules, number: &'a Number) {
        let Some(got) = number.decimal() else {
            run.abort.get_or_insert(Abort::NoNumber);
            return;
        };
        let failed = |want: &'a Option<Decimal>, meets: fn(&Decimal, &Decimal) -> bool| {
            want.as_ref().filter(|want| !meets(&got, want))
        };
        let checks = [
            ("minimum", failed(&rules.minimum, |got, want| got >= want)),
            ("maximum", failed(&rules.maximum, |got, want| got <= want)),
            ("exclusiveMinimum", failed(&rules.exclusive_minimum, |got, want| got > want)),
            ("exclusiveMaximum", failed(&rules.exclusive_maximum, |got, want| got < want)),
            ("multipleOf", failed(&rules.multiple_of, Decimal::is_multiple_of)),
        ];
        for (keyword, want) in checks {
            if let Some(want) = want {
                self.fail(run, &|| format!("{keyword}: got {}, want {}", float(got.to_f64()), float(want.to_f64())));
            }
        }
    }

    #[inline(never)]
    pub(crate) fn conditions(&mut self, run: &mut Run<'a>, rules: &'a Conditions) {
        if let Some(id) = rules.not
            && self.same(run, id, true).is_ok()
        {
            self.fail(run, &|| "'not' failed".to_owned());
        }
        let mut failures = Vec::new();
        for id in &rules.all_of {
            failures.extend(self.same(run, *id, false).err());
            if self.quiet && !failures.is_empty() {
                break;
            }
        }
        if !failures.is_empty() {
            self.fail_because(run, failures, &|| "'allOf' failed".to_owned());
        }
        self.any_of(run, &rules.any_of);
        self.one_of(run, &rules.one_of);
        if let Some(id) = rules.if_ {
            let branch = if self.same(run, id, true).is_ok() { rules.then } else { rules.else_ };
            if let Some(id) = branch {
                let result = self.same(run, id, false);
                self.failures.extend(result.err());
            }
        }
    }

    #[inline(never)]
    fn any_of(&mut self, run: &mut Run<'a>, ids: &'a [NodeId]) {
        let mut failures = Vec::new();
        let mut matched = ids.is_empty();
        for id in ids {
            match self.same(run, *id, false) {
                Err(failure) => failures.push(failure),
                Ok(()) => {
                    matched = true;
                    // Others may look at more of the value.
                    if !self.asked() {
                        break;
                    }
                }
            }
        }
        if !matched {
            self.fail_because(run, failures, &|| "'anyOf' failed".to_owned());
        }
    }

    #[inline(never)]
    fn one_of(&mut self, run: &mut Run<'a>, ids: &'a [NodeId]) {
        let mut failures = Vec::new();
        let mut matched = None;
        for (i, id) in ids.iter().enumerate() {
            match (self.same(run, *id, matched.is_some()), matched) {
                (Err(failure), None) => failures.push(failure),
                (Err(_), Some(_)) => {}
                (Ok(()), None) => matched = Some(i),
                (Ok(()), Some(first)) => {
                    let (first, second) = (integer(first as i64), integer(i as i64));
                    self.fail(run, &|| format!("'oneOf' failed, subschemas {first}, {second} matched"));
                    break;
                }
            }
        }
        if matched.is_none() && !ids.is_empty() {
            self.fail_because(run, failures, &|| "'oneOf' failed, none matched".to_owned());
        }
    }

    #[inline(never)]
    fn fail_because(&mut self, run: &Run<'a>, causes: Failures, message: &dyn Fn() -> String) {
        let mut failure = self.failure(run, message);
        failure.causes = causes;
        self.failures.push(failure);
    }
}
