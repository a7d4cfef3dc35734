//! Parameters of a call: query, JSON, form or multipart, read the way Telegram reads them (numbers may be text, objects may be JSON in
//! text). Owns the size caps of a request.

use bytes::Bytes;
use futures::stream;
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, body::Incoming, header};
use serde_json::{Map, Value, json};

use super::answer::Refusal;

/// Largest body: Telegram takes files of 50 MB, and a multipart form has some overhead.
const MAX_BODY: usize = 51 * 1024 * 1024;

/// Everything a call brought, by name. Later sources win: query, then body.
#[derive(Debug, Clone, Default)]
pub(super) struct Params(pub(super) Map<String, Value>);

impl Params {
    /// Reads query and body.
    pub(super) async fn read(request: Request<Incoming>) -> Result<Self, Refusal> {
        let mut params = Self::default();
        params.add_form(request.uri().query().unwrap_or_default().as_bytes());
        let kind = content_type(&request);
        let body = Limited::new(request.into_body(), MAX_BODY);
        let body = body
            .collect()
            .await
            .map_err(|_| Refusal::new(413, "Request Entity Too Large"))?
            .to_bytes();
        params.add_body(&kind, body).await?;
        Ok(params)
    }

    async fn add_body(&mut self, content_type: &str, body: Bytes) -> Result<(), Refusal> {
        if body.is_empty() {
            return Ok(());
        }
        if content_type.starts_with("application/json") {
            return self.add_json(&body);
        }
        if content_type.starts_with("application/x-www-form-urlencoded") {
            self.add_form(&body);
            return Ok(());
        }
        match multer::parse_boundary(content_type) {
            Ok(boundary) => self.add_parts(boundary, body).await,
            // Telegram ignores a body of another type; so the parameters are missing and the method says which.
            Err(_) => Ok(()),
        }
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), Refusal> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => self.0.extend(fields),
            _ => return Err(Refusal::bad("can't parse JSON object")),
        }
        Ok(())
    }

    fn add_form(&mut self, text: &[u8]) {
        for (name, value) in url::form_urlencoded::parse(text) {
            self.0.insert(name.into_owned(), value.into_owned().into());
        }
    }

    async fn add_parts(&mut self, boundary: String, body: Bytes) -> Result<(), Refusal> {
        let broken = |_| Refusal::bad("can't parse multipart form data");
        let whole = stream::once(std::future::ready(Ok::<_, std::io::Error>(body)));
        let mut form = multer::Multipart::new(whole, boundary);
        while let Some(part) = form.next_field().await.map_err(broken)? {
            let Some(name) = part.name().map(str::to_owned) else {
                continue;
            };
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(broken)?;
            let value = match file {
                Some(file) => json!({ "file_name": file, "size_bytes": bytes.len() }),
                None => String::from_utf8_lossy(&bytes).into_owned().into(),
            };
            self.0.insert(name, value);
        }
        Ok(())
    }

    /// A text; a number is taken as its digits.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A whole number; `None` when it is absent or none.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// True for `true`, `"true"`, `"1"` and 1.
    pub(super) fn flag(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true") || text == "1",
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// An object or array, possibly as JSON in text.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        match self.0.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }

    /// Whether it is there and not empty.
    pub(super) fn has(&self, name: &str) -> bool {
        match self.0.get(name) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(_) => true,
        }
    }
}

fn content_type(request: &Request<Incoming>) -> String {
    let value = request.headers().get(header::CONTENT_TYPE);
    let text = value.and_then(|v| v.to_str().ok()).unwrap_or_default();
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_four_ways_to_say_the_same() {
        let form = "--x\r\ncontent-disposition: form-data; name=\"chat_id\"\r\n\r\n7\r\n--x\r\ncontent-disposition: form-data; \
                    name=\"photo\"; filename=\"a.png\"\r\n\r\nPNG\r\n--x--\r\n";
        for (kind, body) in [
            ("application/json", r#"{"chat_id":7}"#),
            ("application/json; charset=utf-8", r#"{"chat_id":"7"}"#),
            ("application/x-www-form-urlencoded", "chat_id=7"),
            ("multipart/form-data; boundary=x", form),
        ] {
            let mut params = Params::default();
            params.add_body(kind, body.into()).await.unwrap();
            assert_eq!(params.int("chat_id"), Some(7), "{kind}");
        }
    }

    #[tokio::test]
    async fn malformed_bodies_are_refused() {
        for (kind, body) in [
            ("application/json", "{"),
            ("application/json", "[1]"),
            ("multipart/form-data; boundary=x", "--x\r\ntorn"),
        ] {
            let refusal = Params::default().add_body(kind, body.into()).await;
            assert_eq!(refusal.unwrap_err().status, 400, "{body}");
        }
    }
}
