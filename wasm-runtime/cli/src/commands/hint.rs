//! The engine's hints in the words of this command line: which flag gives what is missing.

use contract::{FailureKind, Hint, Problem};

/// A hint as people read it here.
///
/// The match has an arm for each hint that flags have to do with; all else is the engine's own text.
pub(crate) fn words(hint: &Hint) -> String {
    match hint {
        Hint::Source { name, .. } => format!("say where it is: --source {name}=FOLDER, ARCHIVE or URL"),
        Hint::SourceUrl { name } => format!("add it to the repository, or say --url {name}=URL"),
        Hint::PlatformFact { field, key, object } => format!(
            "the chart looks up {key} in {object}, which is not there: give `{field}` in --platform FILE, \
             or the object with --objects FILE"
        ),
        Hint::Object { object } if object.is_empty() => {
            "this line looks up an object of the cluster: --objects FILE gives objects to find".to_owned()
        }
        Hint::Object { object } => {
            format!("the chart looks up {object}, which is not there: give it with --objects FILE")
        }
        Hint::Document { url } => format!("the schema refers to {url}: put the document into the schema"),
        Hint::RaiseLimit { limit } => match limit_flag(*limit) {
            Some(flag) => format!("{flag} sets the limit"),
            None => hint.to_string(),
        },
        Hint::Rendered => "--debug prints the rendered files".to_owned(),
        Hint::Profiles => "choose them with --profile".to_owned(),
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

/// A problem whose hint is a text in these words: as this command line prints it in JSON.
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
        assert_eq!(words(&hint), "say where it is: --source charts=FOLDER, ARCHIVE or URL");
        assert_eq!(words(&Hint::RaiseLimit { limit: FailureKind::LimitSteps }), "--max-steps sets the limit");
        assert_eq!(words(&Hint::DidYouMean("values".into())), "did you mean values?");
        assert_eq!(words(&Hint::text("advice")), "advice");
    }
}
