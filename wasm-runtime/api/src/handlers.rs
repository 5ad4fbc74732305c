//! What each route does: read the request, ask the backend, write the answer.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use contract::{CheckInput, ExpandInput, RenderInput, Subject, TextFile};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::access::Caller;
use crate::backend::Releases;
use crate::body::{Incoming, json};
use crate::error::ApiError;
use crate::events::stream_of;
use crate::openapi::{DOCUMENT, operations};
use crate::progress;
use crate::router::Api;
use crate::tag::{Precondition, is_known, tag_of};
use crate::types::{
    BaseCharts, Capabilities, Deploys, Descriptor, DescriptorInput, DescriptorList, Difference, Drift, History, Id,
    ListQuery, Operation, Preview, Release, ReleaseHistory, ReleaseList, ReleaseRollbackInput, RollbackInput, Source,
    SourceInput, SourceList, SourceQuery, is_label,
};

/// The most bytes of a body with a descriptor.
pub(crate) const DESCRIPTOR_BYTES: usize = 1 << 20;
/// The most bytes of a body for the engine, which may have charts in it.
pub(crate) const ENGINE_BYTES: usize = 16 << 20;

type Result<T = Response<Body>> = std::result::Result<T, ApiError>;

/// What a path names, and who asks for it.
pub(crate) struct Named {
    id: Id,
    rest: HashMap<String, String>,
    caller: Caller,
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named> {
        let path: std::result::Result<Path<HashMap<String, String>>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        let Path(mut rest) = path.map_err(|_| ApiError::input("the path is not text"))?;
        let mut part = |name: &str| rest.remove(name).unwrap_or_default();
        let id = Id::new(part("namespace"), part("name")).map_err(ApiError::Name)?;
        let caller = Caller::from_request_parts(parts, state).await?;
        Ok(Named { id, rest, caller })
    }
}

impl Named {
    /// The descriptor, to be read. What is in other namespaces is answered as if there were nothing, without a look.
    fn descriptor(self) -> Result<Id> {
        if self.caller.namespaces.contains(self.id.namespace()) {
            Ok(self.id)
        } else {
            Err(ApiError::NotFound(format!("the descriptor {}", self.id)))
        }
    }

    /// The descriptor, to be changed.
    fn changed_descriptor(self) -> Result<Id> {
        let rights = self.caller.writes();
        let id = self.descriptor()?;
        rights.map(|()| id)
    }

    /// The source, to be read.
    fn source(self) -> Result<Id> {
        let missing = ApiError::NotFound(format!("the source {}", self.id));
        self.descriptor().map_err(|_| missing)
    }

    /// The source, to be changed.
    fn changed_source(self) -> Result<Id> {
        let rights = self.caller.writes();
        let id = self.source()?;
        rights.map(|()| id)
    }

    /// The release, to be read.
    fn release(self) -> Result<Id> {
        let missing = ApiError::NotFound(format!("the release {}", self.id));
        self.descriptor().map_err(|_| missing)
    }

    /// The release, to be changed.
    fn changed_release(self) -> Result<Id> {
        let rights = self.caller.writes();
        let id = self.release()?;
        rights.map(|()| id)
    }

    fn generation(&self) -> Result<u64> {
        let text = self.rest.get("generation").map(String::as_str).unwrap_or_default();
        let number = text.parse().ok().filter(|&number| number > 0);
        number.ok_or_else(|| ApiError::input("generation: a number from 1 is wanted"))
    }

    fn operation(&self) -> Result<Operation> {
        let word = self.rest.get("operation").map(String::as_str).unwrap_or_default();
        serde_json::from_value(Value::from(word)).map_err(|_| ApiError::NotFound("this path".to_owned()))
    }
}

fn query<T>(query: std::result::Result<Query<T>, QueryRejection>) -> Result<T> {
    query.map(|Query(query)| query).map_err(|error| ApiError::input(error.body_text()))
}

/// A descriptor with its tag.
fn tagged(status: StatusCode, descriptor: &Descriptor) -> Result {
    let mut response = json(status, descriptor)?;
    response.headers_mut().insert(header::ETAG, tag_of(&descriptor.metadata.digest));
    if status == StatusCode::CREATED {
        let head = &descriptor.metadata;
        let version = crate::VERSION;
        let path = format!("/api/{version}/namespaces/{}/descriptors/{}", head.namespace, head.name);
        if let Ok(path) = HeaderValue::from_str(&path) {
            response.headers_mut().insert(header::LOCATION, path);
        }
    }
    Ok(response)
}

/// The OpenAPI document.
pub(crate) async fn document() -> Response<Body> {
    let mut response = Response::new(Body::from(DOCUMENT.as_str()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(crate::MEDIA_TYPE));
    response
}

/// What the server can do.
#[utoipa::path(get, path = "/api/v1alpha1", operation_id = "capabilities", tag = "server",
    responses((status = 200, description = "What the server can do.", body = Capabilities)))]
pub(crate) async fn capabilities(State(api): State<Api>, caller: Caller) -> Result {
    let deploys = api.backend.releases().map(Releases::kind).unwrap_or_default();
    let capabilities = Capabilities {
        descriptor_bytes: DESCRIPTOR_BYTES,
        engine_bytes: ENGINE_BYTES,
        read_only: caller.read_only,
        deploys,
        operations: operations(deploys != Deploys::Nothing, caller.read_only),
        ..api.backend.capabilities()
    };
    json(StatusCode::OK, &capabilities)
}

/// The stored descriptors, page by page.
#[utoipa::path(get, path = "/api/v1alpha1/descriptors", operation_id = "listDescriptors", tag = "descriptors",
    params(ListQuery),
    responses((status = 200, description = "A page of the list.", body = DescriptorList)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    wanted: std::result::Result<Query<ListQuery>, QueryRejection>,
) -> Result {
    json(StatusCode::OK, &api.backend.list(caller.namespaces, query(wanted)?).await?)
}

/// Store a new descriptor.
#[utoipa::path(post, path = "/api/v1alpha1/descriptors", operation_id = "createDescriptor", tag = "descriptors",
    request_body = DescriptorInput,
    responses((status = 201, description = "It is stored.", body = Descriptor,
        headers(("ETag" = String, description = "Its tag, for If-Match."), ("Location" = String, description = "Its path.")))))]
pub(crate) async fn create(State(api): State<Api>, caller: Caller, incoming: Incoming) -> Result {
    caller.writes()?;
    let input: DescriptorInput = incoming.read(DESCRIPTOR_BYTES).await?;
    tagged(StatusCode::CREATED, &api.backend.create(caller.namespaces, input.text).await?)
}

/// A stored descriptor.
#[utoipa::path(get, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}", operation_id = "readDescriptor",
    tag = "descriptors",
    params(("namespace" = String, Path), ("name" = String, Path),
        ("If-None-Match" = Option<String>, Header, description = "The tag of the version that the client has.")),
    responses((status = 200, description = "The descriptor.", body = Descriptor,
            headers(("ETag" = String, description = "Its tag, for If-Match."))),
        (status = 304, description = "The client has this version.")))]
pub(crate) async fn read(State(api): State<Api>, named: Named, headers: HeaderMap) -> Result {
    let descriptor = api.backend.read(named.descriptor()?).await?;
    if is_known(&headers, &descriptor.metadata.digest) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        response.headers_mut().insert(header::ETAG, tag_of(&descriptor.metadata.digest));
        return Ok(response);
    }
    tagged(StatusCode::OK, &descriptor)
}

/// Store another version of a descriptor.
#[utoipa::path(put, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}",
    operation_id = "replaceDescriptor", tag = "descriptors",
    params(("namespace" = String, Path), ("name" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The tag of the version that is replaced, or `*`."),
        ("If-None-Match" = Option<String>, Header, pattern = r"^\*$", description = "`*`: only if there is none yet.")),
    request_body = DescriptorInput,
    responses((status = 200, description = "It is replaced.", body = Descriptor,
            headers(("ETag" = String, description = "Its tag, for If-Match."))),
        (status = 201, description = "It is new.", body = Descriptor,
            headers(("ETag" = String, description = "Its tag, for If-Match."), ("Location" = String, description = "Its path.")))))]
pub(crate) async fn replace(State(api): State<Api>, named: Named, incoming: Incoming) -> Result {
    let condition = Precondition::of(incoming.headers())?.ok_or(ApiError::Precondition)?;
    let id = named.changed_descriptor()?;
    let input: DescriptorInput = incoming.read(DESCRIPTOR_BYTES).await?;
    let (descriptor, created) = api.backend.replace(id, input.text, condition).await?;
    tagged(if created { StatusCode::CREATED } else { StatusCode::OK }, &descriptor)
}

/// Delete a descriptor; its history stays.
#[utoipa::path(delete, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}",
    operation_id = "deleteDescriptor", tag = "descriptors",
    params(("namespace" = String, Path), ("name" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The tag of the version that is deleted.")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn delete(State(api): State<Api>, named: Named, headers: HeaderMap) -> Result {
    let condition = Precondition::of(&headers)?;
    api.backend.delete(named.changed_descriptor()?, condition).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The versions of a descriptor, also of one that was deleted.
#[utoipa::path(get, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}/history",
    operation_id = "listHistory", tag = "history",
    params(("namespace" = String, Path), ("name" = String, Path)),
    responses((status = 200, description = "Its versions, the newest first.", body = History)))]
pub(crate) async fn history(State(api): State<Api>, named: Named) -> Result {
    json(StatusCode::OK, &api.backend.history(named.descriptor()?).await?)
}

/// A version of a descriptor.
#[utoipa::path(get, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}/history/{generation}",
    operation_id = "readRevision", tag = "history",
    params(("namespace" = String, Path), ("name" = String, Path), ("generation" = u64, Path, minimum = 1)),
    responses((status = 200, description = "The version.", body = Descriptor)))]
pub(crate) async fn revision(State(api): State<Api>, named: Named) -> Result {
    let generation = named.generation()?;
    let missing = ApiError::NotFound(format!("version {generation} of the descriptor {}", named.id));
    let id = named.descriptor().map_err(|_| missing)?;
    json(StatusCode::OK, &api.backend.revision(id, generation).await?)
}

/// Make a version of a descriptor the newest one again.
#[utoipa::path(post, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}/rollback",
    operation_id = "rollback", tag = "history",
    params(("namespace" = String, Path), ("name" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The tag of the version that is replaced.")),
    request_body = RollbackInput,
    responses((status = 200, description = "The version is in use again, under a new number.", body = Descriptor,
        headers(("ETag" = String, description = "Its tag, for If-Match.")))))]
pub(crate) async fn rollback(State(api): State<Api>, named: Named, incoming: Incoming) -> Result {
    let condition = Precondition::of(incoming.headers())?;
    let id = named.changed_descriptor();
    let input: RollbackInput = incoming.read(DESCRIPTOR_BYTES).await?;
    let id = id.map_err(|error| match error {
        ApiError::NotFound(what) => ApiError::NotFound(format!("version {} of {what}", input.generation)),
        other => other,
    })?;
    tagged(StatusCode::OK, &api.backend.rollback(id, input.generation, condition).await?)
}

/// Find what is wrong with descriptors.
#[utoipa::path(post, path = "/api/v1alpha1/check", operation_id = "check", tag = "engine",
    request_body(content = ref("#/components/schemas/CheckInput")),
    responses((status = 200, description = "Everything that is wrong.", body = ref("#/components/schemas/CheckOutput"))))]
pub(crate) async fn check(State(api): State<Api>, caller: Caller, incoming: Incoming) -> Result {
    let _place = caller.render()?;
    let input: CheckInput = incoming.read_versioned(ENGINE_BYTES).await?;
    json(StatusCode::OK, &api.backend.check(caller.namespaces, input).await?)
}

/// Make the chart of a descriptor.
#[utoipa::path(post, path = "/api/v1alpha1/expand", operation_id = "expand", tag = "engine",
    request_body(content = ref("#/components/schemas/ExpandInput")),
    responses((status = 200, description = "The chart.", body = ref("#/components/schemas/ExpandOutput"))))]
pub(crate) async fn expand(State(api): State<Api>, caller: Caller, incoming: Incoming) -> Result {
    let _place = caller.render()?;
    let input: ExpandInput = incoming.read_versioned(ENGINE_BYTES).await?;
    json(StatusCode::OK, &api.backend.expand(caller.namespaces, input).await?)
}

/// Render a descriptor, a chart or manifests that are given.
#[utoipa::path(post, path = "/api/v1alpha1/preview", operation_id = "preview", tag = "engine",
    request_body(content = ref("#/components/schemas/RenderInput")),
    responses((status = 200, description = "What it would deploy. As server-sent events: `step` events with a Step, then \
        `result` with this, or `problem` with a ProblemDocument.",
        content((Preview = "application/json"), (String = "text/event-stream")))))]
pub(crate) async fn preview(State(api): State<Api>, caller: Caller, incoming: Incoming) -> Result {
    let headers = incoming.headers().clone();
    let input: RenderInput = incoming.read_versioned(ENGINE_BYTES).await?;
    answer_preview(api, caller, &headers, input).await
}

/// Render a stored descriptor: the body is that of `preview` without its subject.
#[utoipa::path(post, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}/preview",
    operation_id = "previewStored", tag = "engine",
    params(("namespace" = String, Path), ("name" = String, Path)),
    request_body(content = ref("#/components/schemas/StoredRenderInput")),
    responses((status = 200, description = "What it would deploy. As server-sent events: `step` events with a Step, then \
        `result` with this, or `problem` with a ProblemDocument.",
        content((Preview = "application/json"), (String = "text/event-stream")))))]
pub(crate) async fn preview_stored(State(api): State<Api>, named: Named, incoming: Incoming) -> Result {
    let headers = incoming.headers().clone();
    let mut input: Map<String, Value> = incoming.read(ENGINE_BYTES).await?;
    let caller = named.caller.clone();
    let stored = stored(&api, named.descriptor()?).await?;
    answer_preview(api, caller, &headers, with_subject(&mut input, stored)?).await
}

async fn answer_preview(api: Api, caller: Caller, headers: &HeaderMap, input: RenderInput) -> Result {
    if input.show_secrets {
        return Err(ApiError::Secrets);
    }
    let place = caller.render()?;
    let call = |progress| async move {
        let _place = place;
        api.backend.preview(caller.namespaces, input, progress).await
    };
    progress::answer(headers, |progress| Box::pin(call(progress))).await
}

/// Compare what a stored descriptor deploys with what another one would: the body is that of `previewStored`, and the
/// other descriptor.
#[utoipa::path(post, path = "/api/v1alpha1/namespaces/{namespace}/descriptors/{name}/difference",
    operation_id = "difference", tag = "engine",
    params(("namespace" = String, Path), ("name" = String, Path)),
    request_body(content = ref("#/components/schemas/DifferenceInput")),
    responses((status = 200, description = "What would change.", body = Difference)))]
pub(crate) async fn difference(State(api): State<Api>, named: Named, incoming: Incoming) -> Result {
    let mut input: Map<String, Value> = incoming.read(ENGINE_BYTES).await?;
    let to = input.remove("descriptor").ok_or_else(|| ApiError::input("missing field `descriptor`"))?;
    let to: TextFile = contract::read_json(to.to_string().as_bytes()).map_err(ApiError::Input)?;
    let (_place, visible) = (named.caller.render()?, named.caller.namespaces.clone());
    let stored = stored(&api, named.descriptor()?).await?;
    let from = with_subject(&mut input, stored)?;
    if from.show_secrets {
        return Err(ApiError::Secrets);
    }
    json(StatusCode::OK, &api.backend.difference(visible, from, to).await?)
}

/// A stored descriptor, under the name that messages give it.
async fn stored(api: &Api, id: Id) -> Result<TextFile> {
    let name = format!("{id}.yaml");
    Ok(TextFile { name, text: api.backend.read(id).await?.text })
}

/// An input whose subject and version are not in the request.
fn with_subject(input: &mut Map<String, Value>, subject: TextFile) -> Result<RenderInput> {
    if input.contains_key("subject") {
        return Err(ApiError::input("unknown field `subject`: it is the stored descriptor"));
    }
    input.entry("apiVersion").or_insert_with(|| contract::API_VERSION.into());
    input.insert("subject".to_owned(), serde_json::json!({"manifests": []}));
    let text = serde_json::to_vec(input).map_err(|error| ApiError::Internal(error.to_string()))?;
    let mut input: RenderInput = contract::read(&text).map_err(|failure| {
        // The place would be one in our text.
        ApiError::Input(contract::Failure { line: None, column: None, ..failure })
    })?;
    input.subject = Subject::Descriptor(subject);
    Ok(input)
}

/// The base charts that previews find.
#[utoipa::path(get, path = "/api/v1alpha1/charts", operation_id = "listCharts", tag = "sources",
    responses((status = 200, description = "The charts, and the places of further ones.", body = BaseCharts)))]
pub(crate) async fn base_charts(State(api): State<Api>) -> Result {
    json(StatusCode::OK, &api.backend.base_charts().await?)
}

/// The stored sources of base charts.
#[utoipa::path(get, path = "/api/v1alpha1/sources", operation_id = "listSources", tag = "sources",
    params(SourceQuery),
    responses((status = 200, description = "The sources, without their credentials.", body = SourceList)))]
pub(crate) async fn sources(
    State(api): State<Api>,
    caller: Caller,
    wanted: std::result::Result<Query<SourceQuery>, QueryRejection>,
) -> Result {
    let namespace = query(wanted)?.namespace;
    if namespace.as_deref().is_some_and(|namespace| !is_label(namespace)) {
        return Err(ApiError::Name("namespace"));
    }
    json(StatusCode::OK, &api.backend.sources(caller.namespaces, namespace).await?)
}

fn tagged_source(status: StatusCode, source: &Source) -> Result {
    let mut response = json(status, source)?;
    response.headers_mut().insert(header::ETAG, tag_of(&source.digest));
    Ok(response)
}

/// A stored source.
#[utoipa::path(get, path = "/api/v1alpha1/namespaces/{namespace}/sources/{name}", operation_id = "readSource",
    tag = "sources", params(("namespace" = String, Path), ("name" = String, Path)),
    responses((status = 200, description = "The source, without its credentials.", body = Source,
        headers(("ETag" = String, description = "Its tag, for If-Match.")))))]
pub(crate) async fn source(State(api): State<Api>, named: Named) -> Result {
    tagged_source(StatusCode::OK, &api.backend.source(named.source()?).await?)
}

/// Store a source.
#[utoipa::path(put, path = "/api/v1alpha1/namespaces/{namespace}/sources/{name}", operation_id = "replaceSource",
    tag = "sources",
    params(("namespace" = String, Path), ("name" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The tag of the version that is replaced, or `*`."),
        ("If-None-Match" = Option<String>, Header, pattern = r"^\*$", description = "`*`: only if there is none yet.")),
    request_body = SourceInput,
    responses((status = 200, description = "It is replaced.", body = Source,
            headers(("ETag" = String, description = "Its tag, for If-Match."))),
        (status = 201, description = "It is new.", body = Source,
            headers(("ETag" = String, description = "Its tag, for If-Match.")))))]
pub(crate) async fn put_source(State(api): State<Api>, named: Named, incoming: Incoming) -> Result {
    let condition = Precondition::of(incoming.headers())?.ok_or(ApiError::Precondition)?;
    let id = named.changed_source()?;
    let input: SourceInput = incoming.read(DESCRIPTOR_BYTES).await?;
    let (source, created) = api.backend.put_source(id, input, condition).await?;
    tagged_source(if created { StatusCode::CREATED } else { StatusCode::OK }, &source)
}

/// Delete a source.
#[utoipa::path(delete, path = "/api/v1alpha1/namespaces/{namespace}/sources/{name}", operation_id = "deleteSource",
    tag = "sources",
    params(("namespace" = String, Path), ("name" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The tag of the version that is deleted.")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn delete_source(State(api): State<Api>, named: Named, headers: HeaderMap) -> Result {
    let condition = Precondition::of(&headers)?;
    api.backend.delete_source(named.changed_source()?, condition).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Which events are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Only those of a namespace.
    namespace: Option<String>,
}

/// What happens in the store, as server-sent events: each `descriptor` has an Event as its data; `reset` means that
/// some were lost, and that the list must be read again.
#[utoipa::path(get, path = "/api/v1alpha1/events", operation_id = "events", tag = "server", params(EventsQuery),
    responses((status = 200, description = "Events as they come.", body = String, content_type = "text/event-stream")))]
pub(crate) async fn events(
    State(api): State<Api>,
    caller: Caller,
    wanted: std::result::Result<Query<EventsQuery>, QueryRejection>,
) -> Result {
    let namespace = query(wanted)?.namespace;
    if namespace.as_deref().is_some_and(|namespace| !is_label(namespace)) {
        return Err(ApiError::Name("namespace"));
    }
    Ok(stream_of(api.backend.events(), namespace, &caller)?.into_response())
}

/// What deploys, or why nothing does.
fn deploys(api: &Api) -> Result<&dyn Releases> {
    let why = "this server keeps descriptors and renders them; it deploys nothing (`chartwright serve --releases`)";
    api.backend.releases().ok_or_else(|| ApiError::Unsupported(why.to_owned()))
}

/// The releases.
#[utoipa::path(get, path = "/api/v1alpha1/releases", operation_id = "listReleases", tag = "releases",
    responses((status = 200, description = "The releases.", body = ReleaseList)))]
pub(crate) async fn releases(State(api): State<Api>, caller: Caller) -> Result {
    json(StatusCode::OK, &deploys(&api)?.list(caller.namespaces).await?)
}

/// A release.
#[utoipa::path(get, path = "/api/v1alpha1/namespaces/{namespace}/releases/{name}", operation_id = "readRelease",
    tag = "releases", params(("namespace" = String, Path), ("name" = String, Path)),
    responses((status = 200, description = "The release.", body = Release)))]
pub(crate) async fn release(State(api): State<Api>, named: Named) -> Result {
    let releases = deploys(&api)?;
    json(StatusCode::OK, &releases.read(named.release()?).await?)
}

/// Install, uninstall, suspend, resume or reconcile the release of a descriptor. `install` deploys the stored
/// descriptor as it is now, also over another version.
#[utoipa::path(post, path = "/api/v1alpha1/namespaces/{namespace}/releases/{name}/{operation}",
    operation_id = "operate", tag = "releases",
    params(("namespace" = String, Path), ("name" = String, Path), ("operation" = Operation, Path)),
    responses((status = 200, description = "The release as it is now. As server-sent events: `step` events with a \
        Step, then `result` with this, or `problem` with a ProblemDocument.",
        content((Release = "application/json"), (String = "text/event-stream")))))]
pub(crate) async fn operate(State(api): State<Api>, named: Named, headers: HeaderMap) -> Result {
    let operation = named.operation()?;
    deploys(&api)?;
    let (within, place) = (named.caller.namespaces.clone(), named.caller.render()?);
    // A descriptor that is not there is missing as such, where it is wanted.
    let id = if operation == Operation::Install { named.changed_descriptor()? } else { named.changed_release()? };
    let call = |progress| async move {
        let _place = place;
        deploys(&api)?.operate(id, operation, within, progress).await
    };
    progress::answer(&headers, |progress| Box::pin(call(progress))).await
}

/// What differs between what is deployed and what the stored descriptor deploys.
#[utoipa::path(get, path = "/api/v1alpha1/namespaces/{namespace}/releases/{name}/drift", operation_id = "drift",
    tag = "releases", params(("namespace" = String, Path), ("name" = String, Path)),
    responses((status = 200, description = "What differs.", body = Drift)))]
pub(crate) async fn drift(State(api): State<Api>, named: Named) -> Result {
    let releases = deploys(&api)?;
    let _place = named.caller.render()?;
    json(StatusCode::OK, &releases.drift(named.descriptor()?).await?)
}

/// What a release was before.
#[utoipa::path(get, path = "/api/v1alpha1/namespaces/{namespace}/releases/{name}/history",
    operation_id = "listReleaseHistory", tag = "releases",
    params(("namespace" = String, Path), ("name" = String, Path)),
    responses((status = 200, description = "Its commits, the newest first.", body = ReleaseHistory)))]
pub(crate) async fn release_history(State(api): State<Api>, named: Named) -> Result {
    let releases = deploys(&api)?;
    json(StatusCode::OK, &releases.history(named.release()?).await?)
}

/// Make a release what it was before.
#[utoipa::path(post, path = "/api/v1alpha1/namespaces/{namespace}/releases/{name}/rollback",
    operation_id = "rollbackRelease", tag = "releases",
    params(("namespace" = String, Path), ("name" = String, Path)),
    request_body = ReleaseRollbackInput,
    responses((status = 200, description = "The release as it is now; with server-sent events as of `operate`.",
        content((Release = "application/json"), (String = "text/event-stream")))))]
pub(crate) async fn rollback_release(State(api): State<Api>, named: Named, incoming: Incoming) -> Result {
    deploys(&api)?;
    let (headers, place) = (incoming.headers().clone(), named.caller.render()?);
    let id = named.changed_release()?;
    let input: ReleaseRollbackInput = incoming.read(DESCRIPTOR_BYTES).await?;
    if !(1..=256).contains(&input.revision.len()) {
        return Err(ApiError::input("revision: a commit or a version is wanted"));
    }
    let call = |progress| async move {
        let _place = place;
        deploys(&api)?.rollback(id, input.revision, progress).await
    };
    progress::answer(&headers, |progress| Box::pin(call(progress))).await
}
