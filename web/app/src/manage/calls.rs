//! What the API is asked.

use serde::de::DeserializeOwned;
use serde_json::json;
use yew::Callback;

use super::ask::{Ask, Condition, Method, Refusal, Why};
use super::descriptor::Id;
use super::events::Sent;
use super::types::{
    Difference, Drift, Head, List, Operation, Preview, Release, ReleaseRevision, Revision, Source, SourceInput, Step,
    Stored,
};
use crate::route::encode;
use crate::services::Manage;

type Result<T> = std::result::Result<T, Refusal>;

async fn read<T: DeserializeOwned>(api: &dyn Manage, ask: Ask) -> Result<T> {
    api.ask(ask).await?.read()
}

fn of(id: &Id, kind: &str, more: &str) -> String {
    let mut path = String::from("/namespaces/");
    encode(&id.namespace, &mut path);
    path.push('/');
    path.push_str(kind);
    path.push('/');
    encode(&id.name, &mut path);
    path.push_str(more);
    path
}

/// Nothing where there is no such thing.
fn known<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(refusal) if refusal.why == Why::Missing => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// All descriptors, page by page.
///
/// # Errors
/// If they are refused.
pub async fn descriptors(api: &dyn Manage) -> Result<Vec<Head>> {
    pages(api, "/descriptors?limit=500".to_owned()).await
}

/// Those of a namespace.
async fn in_namespace(api: &dyn Manage, namespace: &str) -> Result<Vec<Head>> {
    let mut path = "/descriptors?limit=500&namespace=".to_owned();
    encode(namespace, &mut path);
    pages(api, path).await
}

async fn pages(api: &dyn Manage, first: String) -> Result<Vec<Head>> {
    let (mut all, mut path) = (Vec::new(), first.clone());
    loop {
        let page: List<Head> = read(api, Ask::get(path)).await?;
        all.extend(page.items);
        let Some(next) = page.next else { return Ok(all) };
        path = format!("{first}&continue=");
        encode(&next, &mut path);
    }
}

/// All releases.
///
/// # Errors
/// If they are refused.
pub async fn releases(api: &dyn Manage) -> Result<Vec<Release>> {
    Ok(read::<List<Release>>(api, Ask::get("/releases")).await?.items)
}

async fn stored(api: &dyn Manage, ask: Ask) -> Result<Stored> {
    let answered = api.ask(ask).await?;
    let stored: Stored = answered.read()?;
    Ok(Stored { tag: answered.tag, ..stored })
}

/// A descriptor and its release, as far as they are there.
///
/// # Errors
/// If they are refused.
pub async fn module(api: &dyn Manage, id: &Id, deploys: bool) -> Result<(Option<Stored>, Option<Release>)> {
    // Lists say what is not there without an error, which browsers would write down.
    let is_stored = in_namespace(api, &id.namespace).await?.iter().any(|head| head.name == id.name);
    let descriptor = match is_stored {
        true => known(stored(api, Ask::get(of(id, "descriptors", ""))).await)?,
        false => None,
    };
    let releases = if deploys { releases(api).await? } else { Vec::new() };
    let is_of = |release: &Release| release.namespace == id.namespace && release.name == id.name;
    Ok((descriptor, releases.into_iter().find(is_of)))
}

/// The versions of a descriptor, and of its release.
///
/// # Errors
/// If they are refused.
pub async fn history(api: &dyn Manage, id: &Id, deploys: bool) -> Result<(Vec<Revision>, Vec<ReleaseRevision>)> {
    let versions: Option<List<Revision>> = known(read(api, Ask::get(of(id, "descriptors", "/history"))).await)?;
    let commits: Option<List<ReleaseRevision>> = match deploys {
        true => known(read(api, Ask::get(of(id, "releases", "/history"))).await)?,
        false => None,
    };
    Ok((versions.map(|list| list.items).unwrap_or_default(), commits.map(|list| list.items).unwrap_or_default()))
}

/// A version of a descriptor.
///
/// # Errors
/// If it is refused.
pub async fn revision(api: &dyn Manage, id: &Id, generation: u64) -> Result<Stored> {
    stored(api, Ask::get(of(id, "descriptors", &format!("/history/{generation}")))).await
}

/// What differs between what is deployed and what is stored.
///
/// # Errors
/// If it is refused.
pub async fn drift(api: &dyn Manage, id: &Id) -> Result<Drift> {
    read(api, Ask::get(of(id, "releases", "/drift"))).await
}

/// What a descriptor deploys, with the server's charts and platform: one that is stored, or this text.
///
/// # Errors
/// If it is refused.
pub async fn preview(api: &dyn Manage, id: &Id, text: Option<&str>) -> Result<Preview> {
    let want = json!({"objects": true, "text": false});
    let ask = match text {
        None => Ask::send(Method::Post, of(id, "descriptors", "/preview"), &json!({"want": want})),
        Some(text) => {
            let subject = json!({"descriptor": {"name": format!("{id}.yaml"), "text": text}});
            let version = contract::API_VERSION;
            Ask::send(Method::Post, "/preview", &json!({"apiVersion": version, "subject": subject, "want": want}))
        }
    };
    read(api, ask).await
}

/// What another text would change of what a stored descriptor deploys.
///
/// # Errors
/// If it is refused.
pub async fn compare(api: &dyn Manage, id: &Id, text: &str) -> Result<Difference> {
    let body = json!({"descriptor": {"name": format!("{id}.yaml"), "text": text}});
    read(api, Ask::send(Method::Post, of(id, "descriptors", "/difference"), &body)).await
}

/// Stores a new descriptor.
///
/// # Errors
/// If it is refused: there may be one of this name.
pub async fn create(api: &dyn Manage, text: &str) -> Result<Stored> {
    stored(api, Ask::send(Method::Post, "/descriptors", &json!({"text": text}))).await
}

/// Stores another version of a descriptor, if what is stored has this tag.
///
/// # Errors
/// If it is refused: somebody else may have changed it.
pub async fn replace(api: &dyn Manage, id: &Id, tag: &str, text: &str) -> Result<Stored> {
    let ask = Ask::send(Method::Put, of(id, "descriptors", ""), &json!({"text": text}));
    stored(api, ask.only_if(Condition::Tag(tag.to_owned()))).await
}

/// Takes a descriptor away.
///
/// # Errors
/// If it is refused.
pub async fn delete(api: &dyn Manage, id: &Id, tag: &str) -> Result<()> {
    let ask = Ask { method: Method::Delete, ..Ask::get(of(id, "descriptors", "")) };
    api.ask(ask.only_if(Condition::Tag(tag.to_owned()))).await.map(drop)
}

/// Does something to a release, and tells each step.
///
/// # Errors
/// If it is refused.
pub async fn act(api: &dyn Manage, id: &Id, operation: Operation, step: Callback<Step>) -> Result<Release> {
    let ask = Ask { method: Method::Post, ..Ask::get(of(id, "releases", &format!("/{}", operation.word()))) };
    follow(api, ask, step).await
}

/// Makes a release what it was at a commit, and tells each step.
///
/// # Errors
/// If it is refused.
pub async fn roll_back(api: &dyn Manage, id: &Id, commit: &str, step: Callback<Step>) -> Result<Release> {
    follow(api, Ask::send(Method::Post, of(id, "releases", "/rollback"), &json!({"revision": commit})), step).await
}

async fn follow(api: &dyn Manage, ask: Ask, step: Callback<Step>) -> Result<Release> {
    let end = std::rc::Rc::new(std::cell::RefCell::new(None));
    let heard = {
        let end = end.clone();
        Callback::from(move |sent: Sent| match next_step(&sent) {
            Some(Ok(next)) => step.emit(next),
            Some(Err(last)) => drop(end.replace(Some(last))),
            None => {}
        })
    };
    api.stream(ask, heard).await?;
    let last = end.take();
    last.unwrap_or_else(|| Err(Refusal::away()))
}

/// What an event of an operation says: a step, or how it ended.
pub fn next_step(sent: &Sent) -> Option<std::result::Result<Step, Result<Release>>> {
    match sent.name.as_str() {
        "step" => serde_json::from_str(&sent.data).ok().map(Ok),
        "result" => {
            let release = serde_json::from_str(&sent.data).map_err(|_| Refusal::of(500, b""));
            Some(Err(release))
        }
        "problem" => {
            #[derive(serde::Deserialize, Default)]
            #[serde(default)]
            struct Status {
                status: u16,
            }
            let status = serde_json::from_str::<Status>(&sent.data).unwrap_or_default().status;
            Some(Err(Err(Refusal::of(status, sent.data.as_bytes()))))
        }
        _ => None,
    }
}

/// The stored sources.
///
/// # Errors
/// If they are refused.
pub async fn sources(api: &dyn Manage) -> Result<Vec<Source>> {
    Ok(read::<List<Source>>(api, Ask::get("/sources")).await?.items)
}

/// Stores a source: a new one, or one that still has this digest.
///
/// # Errors
/// If it is refused.
pub async fn put_source(api: &dyn Manage, id: &Id, digest: Option<&str>, input: &SourceInput) -> Result<Source> {
    let body = serde_json::to_value(input).map_err(|_| Refusal::of(500, b""))?;
    let condition = digest.map_or(Condition::New, |digest| Condition::Tag(quoted(digest)));
    read(api, Ask::send(Method::Put, of(id, "sources", ""), &body).only_if(condition)).await
}

/// Takes a source away.
///
/// # Errors
/// If it is refused.
pub async fn delete_source(api: &dyn Manage, id: &Id, digest: &str) -> Result<()> {
    let ask = Ask { method: Method::Delete, ..Ask::get(of(id, "sources", "")) };
    api.ask(ask.only_if(Condition::Tag(quoted(digest)))).await.map(drop)
}

/// The tag of a digest.
fn quoted(digest: &str) -> String {
    format!("\"{}\"", digest.strip_prefix("sha256:").unwrap_or(digest))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::super::ask::Answered;
    use super::*;
    use crate::services::Recorded;

    /// Answers that are there at once need no executor.
    fn now<T>(future: impl Future<Output = T>) -> T {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(future).poll(&mut context) {
            std::task::Poll::Ready(value) => value,
            std::task::Poll::Pending => panic!("the recording answers at once"),
        }
    }

    fn answer(tag: &str, body: &str) -> Result<Answered> {
        Ok(Answered { tag: tag.into(), body: body.into() })
    }

    fn recorded(managed: Vec<(Ask, Result<Answered>)>) -> Recorded {
        let api = Recorded::default();
        api.managed.replace(managed);
        api
    }

    #[test]
    fn lists_come_page_by_page() {
        let api = recorded(vec![
            (Ask::get("/descriptors?limit=500"), answer("", r#"{"items":[{"name":"a"}],"continue":"web/a"}"#)),
            (Ask::get("/descriptors?limit=500&continue=web%2Fa"), answer("", r#"{"items":[{"name":"b"}]}"#)),
        ]);
        let names: Vec<String> = now(descriptors(&api)).unwrap().into_iter().map(|head| head.name).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn a_module_has_its_tag_and_its_release() {
        let id = Id::new("web", "shop");
        let list = r#"{"items":[{"namespace":"web","name":"shop"}]}"#;
        let api = recorded(vec![
            (Ask::get("/descriptors?limit=500&namespace=web"), answer("", list)),
            (
                Ask::get("/namespaces/web/descriptors/shop"),
                answer("\"1\"", r#"{"metadata":{"version":"2"},"text":"a"}"#),
            ),
            (Ask::get("/releases"), answer("", r#"{"items":[{"namespace":"other","name":"shop"}]}"#)),
        ]);
        let (found, release) = now(module(&api, &id, true)).unwrap();
        let found = found.unwrap();
        assert_eq!((found.tag.as_str(), &*found.text, release), ("\"1\"", "a", None));
        // Nothing is asked for that is not in the list.
        assert_eq!(now(module(&api, &Id::new("web", "wiki"), true)).unwrap(), (None, None));
    }

    #[test]
    fn steps_come_before_the_end() {
        let id = Id::new("web", "shop");
        let ask = Ask { method: Method::Post, ..Ask::get("/namespaces/web/releases/shop/install") };
        let sent = |name: &str, data: &str| Sent { name: name.into(), data: data.into() };
        let events = |last: Option<Sent>| {
            let step = sent("step", r#"{"doing":"pushing","what":"main"}"#);
            let mut api = Recorded::default();
            api.streams = vec![(ask.clone(), [step].into_iter().chain(last).collect())];
            let steps = Rc::new(RefCell::new(Vec::new()));
            let heard = steps.clone();
            let each = Callback::from(move |step: Step| heard.borrow_mut().push(step.words()));
            let end = now(act(&api, &id, Operation::Install, each));
            (steps.take(), end)
        };
        let (steps, end) = events(Some(sent("result", r#"{"name":"shop","version":"1"}"#)));
        assert_eq!((steps, end.unwrap().version), (vec!["Pushing the branch main".to_owned()], "1".to_owned()));
        let (_, end) = events(Some(sent("problem", r#"{"status":409,"detail":"taken","code":"conflict"}"#)));
        assert_eq!(end.unwrap_err().why, Why::Changed);
        // A stream that breaks off says nothing of how it ended.
        assert_eq!(events(None).1.unwrap_err().why, Why::Away);
    }
}
