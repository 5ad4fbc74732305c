//! The engine's hints, worded for this command line: which flag provides what is missing.

use contract::{FailureKind, Hint, Problem};

/// The text of a hint.
///
/// The match has an arm for each hint that concerns a flag. All other hints have the engine's own text.
pub(crate) fn words(hint: &Hint) -> String {
    match hint {
        Hint::Source { name, .. } => format!("give its place: --source {name}=FOLDER, ARCHIVE or URL"),
        Hint::SourceUrl { name } => format!("add it to the repository, or give its URL: --url {name}=URL"),
        Hint::PlatformFact { field, key, object } => format!(
            "the chart looks up {key} in {object}, which is missing: give `{field}` in --platform FILE, \
             or the object with --objects FILE"
        ),
        Hint::Object { object } if object.is_empty() => {
            "this line looks up an object in the cluster: give objects with --objects FILE".to_owned()
        }
        Hint::Object { object } => {
            format!("the chart looks up {object}, which is missing: give it with --objects FILE")
        }
        Hint::Document { url } => format!("the schema refers to {url}: put the document into the schema"),
        Hint::RaiseLimit { limit } => match limit_flag(*limit) {
            Some(flag) => format!("{flag} sets the limit"),
            None => hint.to_string(),
        },
        Hint::Rendered => "--debug prints the rendered files".to_owned(),
        Hint::Profiles => "select them with --profile".to_owned(),
        Hint::ModuleName => "give one with --name".to_owned(),
        other => other.to_string(),
    }
}

/// The flag that sets a limit.
fn limit_flag(limit: FailureKind) -> Option<&'static str> {
    Some(match limit {
        FailureKind::LimitSteps => "--max-steps",
        FailureKind::LimitDepth => "--max-depth",
        FailureKind::LimitOutput => "--max-output",
        FailureKind::LimitMemory => "--max-memory",
        FailureKind::LimitTime => "--timeout",
        _ => return None,
    })
}

/// A problem whose hint is text, as this command line prints it in JSON.
pub(crate) fn worded(problem: &Problem) -> Problem {
    let mut worded = problem.clone();
    worded.hint = problem.hint.as_ref().map(|hint| Hint::Text(words(hint)));
    worded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_named_where_they_give_what_is_missing() {
        let hint = Hint::Source { kind: "GitRepository".into(), name: "charts".into() };
        assert_eq!(words(&hint), "give its place: --source charts=FOLDER, ARCHIVE or URL");
        assert_eq!(words(&Hint::RaiseLimit { limit: FailureKind::LimitSteps }), "--max-steps sets the limit");
        assert_eq!(words(&Hint::DidYouMean("values".into())), "did you mean values?");
        assert_eq!(words(&Hint::text("advice")), "advice");
    }
}
