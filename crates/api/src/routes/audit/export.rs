//! The log as a file: streamed page by page, so that its length costs no memory.

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use creel_control::{
    Caller, Core,
    audit::{self, Names},
};
use creel_db::audit::{Entry, Wanted, page};
use creel_domain::AuditId;
use futures::{Stream, stream};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::AuditQuery;
use crate::{
    csv::row,
    error::{Error, Result},
    extract::{Authorized, InstanceRead, Query},
    openapi::{Reach, audited, guarded},
    state::{AppState, Streams},
};

/// Lines of a file. More are a matter for `from` and `to`.
const MAX_LINES: u32 = 100_000;
/// Lines read at once.
const PAGE: u32 = 500;

const HEADINGS: &str = "at,actor,actor_name,action,target,target_name,tenant,detail,id\r\n";

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(export, audited("audit.export", &[Reach::Db])))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `csv` or `json` (one object a line); `csv` if absent.
    format: Option<String>,
    /// As in the list.
    q: Option<String>,
    /// As in the list.
    action: Option<String>,
    /// As in the list.
    actor: Option<String>,
    /// As in the list.
    target: Option<String>,
    /// As in the list.
    from: Option<String>,
    /// As in the list.
    to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

impl ExportQuery {
    fn read(self) -> Result<(Format, audit::Asked)> {
        let format = match self.format.as_deref() {
            None | Some("" | "csv") => Format::Csv,
            Some("json") => Format::Json,
            Some(_) => return Err(Error::invalid("format", "must be csv or json")),
        };
        let asked = AuditQuery {
            after: None,
            limit: None,
            q: self.q,
            action: self.action,
            actor: self.actor,
            target: self.target,
            from: self.from,
            to: self.to,
        };
        Ok((format, asked.asked()?))
    }
}

/// The audit log as a file, newest line first, at most 100,000 lines. Taking it away is a line of the log itself.
#[utoipa::path(get, path = "/audit/export", tag = "audit", operation_id = "export_audit", params(ExportQuery),
    responses((status = 200, description = "CSV with a line of headings, or one JSON object a line",
        content((String = "text/csv"), (String = "application/jsonl")))))]
async fn export(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    State(streams): State<Streams>,
    Query(asked): Query<ExportQuery>,
) -> Result<Response> {
    let permit = streams.0.try_acquire_owned();
    let permit = permit.map_err(|_| Error::TooManyStreams)?;
    let (format, asked) = asked.read()?;
    let filters = json!({
        "format": format.name(), "q": asked.text, "action": asked.action, "actor": asked.actor, "target": asked.target,
        "from": asked.from, "to": asked.until,
    });
    let wanted = audit::wanted(&core, &who, asked).await?;
    audit::exported(&core, &who, filters).await?;
    let day = core.clock.now().date();
    let file = File {
        core,
        caller: (*who).clone(),
        wanted,
        format,
        before: None,
        left: MAX_LINES,
        started: false,
        _permit: permit,
    };
    let mut response = Response::new(Body::from_stream(file.pages()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, format.content_type());
    let name = format!("attachment; filename=\"audit-{day}.{}\"", format.ending());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// A file being written.
struct File {
    core: Core,
    caller: Caller,
    wanted: Wanted,
    format: Format,
    before: Option<AuditId>,
    left: u32,
    started: bool,
    /// Held for as long as somebody reads.
    _permit: OwnedSemaphorePermit,
}

impl File {
    /// Its text, a page at a time. A database that goes away cuts the transfer, so that half a file is not taken for a whole one.
    fn pages(self) -> impl Stream<Item = Result<Bytes, creel_control::Error>> {
        stream::try_unfold(self, |mut file| async move {
            let text = file.next().await?;
            Ok((!text.is_empty()).then(|| (Bytes::from(text), file)))
        })
    }

    async fn next(&mut self) -> Result<String, creel_control::Error> {
        let first = !std::mem::replace(&mut self.started, true);
        let mut text = if first && self.format == Format::Csv {
            HEADINGS.to_owned()
        } else {
            String::new()
        };
        let rows = self.core.db.read();
        let limit = PAGE.min(self.left);
        let lines = page(rows, &self.wanted, self.before, limit.into()).await?;
        let names = Names::of(&self.core, &self.caller, &lines).await?;
        self.left -= limit;
        self.before = lines.last().map_or(self.before, |line| Some(line.id));
        for line in &lines {
            text.push_str(&self.format.line(line, &names));
        }
        Ok(text)
    }
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "jsonl",
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/jsonl; charset=utf-8",
        })
    }

    fn line(self, line: &Entry, names: &Names) -> String {
        let name = |id: &str| names.get(id).unwrap_or_default().to_owned();
        let (at, tenant) = (line.at.to_string(), line.tenant.map(|id| id.to_string()));
        let (actor_name, target_name) = (name(&line.actor), name(&line.target));
        match self {
            Self::Json => {
                let object = json!({
                    "at": at, "actor": line.actor, "actor_name": actor_name, "action": line.action, "target": line.target,
                    "target_name": target_name, "tenant": tenant, "detail": line.detail, "id": line.id,
                });
                format!("{object}\n")
            }
            Self::Csv => {
                let (tenant, detail) = (tenant.unwrap_or_default(), line.detail.to_string());
                let id = line.id.to_string();
                let cells = [
                    &at,
                    &line.actor,
                    &actor_name,
                    &line.action,
                    &line.target,
                    &target_name,
                    &tenant,
                    &detail,
                    &id,
                ];
                row(cells.into_iter().map(String::as_str))
            }
        }
    }
}
