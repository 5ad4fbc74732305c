//! Hiding secrets in all that a call answers.

use std::borrow::Cow;

use contract::{
    ChartWanted, DocumentOut, Failure, Hint, Hook, Lookup, ObjectOut, Place, Problem, ReleaseOut, RenderOutput, Site,
    Text,
};

use redact::Redactor;

/// What may have secrets in it.
///
/// Each type is taken apart without `..`, so that a new field cannot be forgotten here.
pub(crate) trait Hide {
    /// Hides the secrets in it.
    fn hide(&mut self, redactor: &Redactor);
}

impl Hide for String {
    fn hide(&mut self, redactor: &Redactor) {
        redactor.hide_str(self);
    }
}

impl Hide for Text {
    fn hide(&mut self, redactor: &Redactor) {
        if let Cow::Owned(clean) = redactor.hide(&self.0) {
            self.0 = clean;
        }
    }
}

impl<T: Hide> Hide for Option<T> {
    fn hide(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|one| one.hide(redactor));
    }
}

impl<T: Hide> Hide for Vec<T> {
    fn hide(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|one| one.hide(redactor));
    }
}

/// Hides the secrets in all of these.
fn each(redactor: &Redactor, parts: &mut [&mut dyn Hide]) {
    parts.iter_mut().for_each(|part| part.hide(redactor));
}

impl Hide for RenderOutput {
    fn hide(&mut self, redactor: &Redactor) {
        if redactor.is_empty() {
            return;
        }
        let RenderOutput {
            text,
            objects,
            documents,
            releases,
            notes,
            warnings,
            log,
            problems,
            wanted,
            wanted_documents,
            asked,
        } = self;
        let contract::Asked { lookups, clock: _, random: _ } = asked;
        each(
            redactor,
            &mut [
                text,
                objects,
                documents,
                releases,
                notes,
                warnings,
                log,
                problems,
                wanted,
                wanted_documents,
                lookups,
            ],
        );
    }
}

impl Hide for ObjectOut {
    fn hide(&mut self, redactor: &Redactor) {
        let ObjectOut {
            role: _,
            source,
            level: _,
            api_version,
            kind,
            name,
            namespace,
            helm_release,
            component,
            chart,
            hook,
            text,
        } = self;
        each(redactor, &mut [source, api_version, kind, name, namespace, helm_release, component, chart, hook, text]);
    }
}

impl Hide for Hook {
    fn hide(&mut self, redactor: &Redactor) {
        let Hook { events: _, weight: _, delete_policies } = self;
        delete_policies.hide(redactor);
    }
}

impl Hide for DocumentOut {
    fn hide(&mut self, redactor: &Redactor) {
        let DocumentOut { role: _, source, text } = self;
        each(redactor, &mut [source, text]);
    }
}

impl Hide for ReleaseOut {
    fn hide(&mut self, redactor: &Redactor) {
        let ReleaseOut { helm_release, name, namespace, chart, version, level: _ } = self;
        each(redactor, &mut [helm_release, name, namespace, chart, version]);
    }
}

impl Hide for Lookup {
    fn hide(&mut self, redactor: &Redactor) {
        let Lookup { api_version, kind, namespace, name } = self;
        each(redactor, &mut [api_version, kind, namespace, name]);
    }
}

impl Hide for ChartWanted {
    fn hide(&mut self, redactor: &Redactor) {
        let ChartWanted { source, chart, version, values_files } = self;
        let contract::ChartSource { kind, namespace, name } = source;
        each(redactor, &mut [kind, namespace, name, chart, version, values_files]);
    }
}

impl Hide for Place {
    fn hide(&mut self, redactor: &Redactor) {
        let Place { file, line: _, column: _ } = self;
        file.hide(redactor);
    }
}

impl Hide for Hint {
    fn hide(&mut self, redactor: &Redactor) {
        match self {
            Hint::Text(text) | Hint::DidYouMean(text) => text.hide(redactor),
            Hint::Source { kind, name } => each(redactor, &mut [kind, name]),
            Hint::SourceUrl { name } => name.hide(redactor),
            Hint::PlatformFact { field: _, key: _, object } | Hint::Object { object } => object.hide(redactor),
            // The others have no text in them; a new one that has is not shown until it has an arm here.
            Hint::RaiseLimit { .. } | Hint::Rendered | Hint::Profiles | Hint::ModuleName => {}
            other => *other = Hint::text(""),
        }
    }
}

impl Hide for Problem {
    fn hide(&mut self, redactor: &Redactor) {
        let Problem { severity: _, code: _, message, place, path, hint, helm_release, component, chart, descriptor } =
            self;
        each(redactor, &mut [message, place, path, hint, helm_release, component, chart, descriptor]);
    }
}

impl Hide for Site {
    fn hide(&mut self, redactor: &Redactor) {
        let Site { file, line: _, column: _, template, expression } = self;
        each(redactor, &mut [file, template, expression]);
    }
}

impl Hide for Failure {
    fn hide(&mut self, redactor: &Redactor) {
        if redactor.is_empty() {
            return;
        }
        let Failure { kind: _, message, file, line: _, column: _, source_line, trace, hints, rendered, log } = self;
        each(redactor, &mut [message, file, source_line, trace, hints, rendered, log]);
    }
}
