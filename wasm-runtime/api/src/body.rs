//! Bodies of requests and answers.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use contract::read_json;
use futures_util::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::MEDIA_TYPE;
use crate::error::ApiError;
use crate::router::Api;

/// A body that is still to be read.
pub(crate) struct Incoming {
    headers: HeaderMap,
    body: Body,
    patience: Duration,
}

impl FromRequest<Api> for Incoming {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &Api) -> Result<Incoming, ApiError> {
        let (head, body) = request.into_parts();
        Ok(Incoming { headers: head.headers, body, patience: api.patience })
    }
}

impl Incoming {
    /// The headers that came with it.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Reads a body of the API's own types.
    pub(crate) async fn read<T: DeserializeOwned>(self, most: usize) -> Result<T, ApiError> {
        read_json(&self.bytes(most).await?).map_err(ApiError::Input)
    }

    /// Reads a body of the contract, which says its version.
    pub(crate) async fn read_versioned<T: DeserializeOwned>(self, most: usize) -> Result<T, ApiError> {
        contract::read(&self.bytes(most).await?).map_err(ApiError::Input)
    }

    async fn bytes(self, most: usize) -> Result<Vec<u8>, ApiError> {
        let headers = &self.headers;
        if !is_json(headers) {
            return Err(ApiError::MediaType);
        }
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > most) {
            return Err(ApiError::TooLarge(most));
        }
        let read = async {
            let mut data = Vec::new();
            let mut parts = self.body.into_data_stream();
            while let Some(part) = parts.next().await {
                let part = part.map_err(|_| ApiError::input("the body broke off"))?;
                if data.len() + part.len() > most {
                    return Err(ApiError::TooLarge(most));
                }
                data.extend_from_slice(&part);
            }
            Ok(data)
        };
        tokio::time::timeout(self.patience, read).await.unwrap_or(Err(ApiError::Slow))
    }
}

/// Forms of other sites can send anything but this type without asking first.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else { return false };
    let Ok(kind) = kind.to_str() else { return false };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(MEDIA_TYPE) && !headers.contains_key(header::CONTENT_ENCODING)
}

/// An answer.
pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Response<Body>, ApiError> {
    let json = serde_json::to_vec(value).map_err(|error| ApiError::Internal(error.to_string()))?;
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    Ok(response)
}
