//! Asking model vendors about keys, over the same connections as the data paths: an address that a tenant named is dialled only if it is public.

use async_trait::async_trait;
use creel_control::vendor::{Answer, Question, READ_BYTES, TIMEOUT, Vendors};
use creel_proxy::{Outbound, ProxyBody, body};
use http_body_util::BodyExt as _;
use hyper::{
    Request, Response,
    body::Incoming,
    header::{HeaderName, HeaderValue},
};
use secrecy::ExposeSecret as _;

/// Vendors at the other end of the outbound pools.
#[derive(Debug)]
pub(crate) struct Dialled(pub(crate) Outbound);

#[async_trait]
impl Vendors for Dialled {
    async fn get(&self, question: Question) -> Result<Answer, String> {
        let client = if question.guarded {
            &self.0.guarded
        } else {
            &self.0.direct
        };
        let asked = async {
            let response = client.request(request(&question)?).await.map_err(|error| {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "a vendor cannot be reached"
                );
                "it cannot be reached".to_owned()
            })?;
            read(response).await
        };
        let late = |_| "it did not answer in time".to_owned();
        tokio::time::timeout(TIMEOUT, asked).await.map_err(late)?
    }
}

fn request(question: &Question) -> Result<Request<ProxyBody>, String> {
    let uri: hyper::Uri = question
        .url
        .as_str()
        .parse()
        .map_err(|_| "its address is wrong".to_owned())?;
    let mut request = Request::new(body::empty());
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    let agent = concat!("creel/", env!("CARGO_PKG_VERSION"));
    headers.insert(hyper::header::USER_AGENT, HeaderValue::from_static(agent));
    for (name, value) in &question.headers {
        let mut value = HeaderValue::from_str(value.expose_secret())
            .map_err(|_| "the key cannot be sent".to_owned())?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(request)
}

/// The beginning of the answer. Lists of models are long, and only an error's words are of interest.
async fn read(response: Response<Incoming>) -> Result<Answer, String> {
    let status = response.status().as_u16();
    let (mut rest, mut kept) = (response.into_body(), Vec::new());
    while kept.len() < READ_BYTES {
        let Some(frame) = rest.frame().await else {
            break;
        };
        let frame = frame.map_err(|_| "its answer was cut".to_owned())?;
        kept.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
    kept.truncate(READ_BYTES);
    Ok(Answer { status, body: kept })
}
