//! Usage as a file for a spreadsheet: streamed some instances at a time, so that its length costs no memory.

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use creel_control::{
    Core,
    spending::{
        export::{By, Export, Figures, Line},
        money,
    },
};
use creel_db::usage_day::Day;
use creel_domain::Slug;
use futures::{Stream, stream};
use http::{HeaderValue, header};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::UsageQuery;
use crate::{
    csv::row,
    error::{Error, Result},
    extract::{Authorized, InstanceRead, Param, Query},
    openapi::{READS, guarded},
    routes::instance::SlugPath,
    state::{AppState, Streams},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(guarded!(of_instance, READS))
        .routes(guarded!(of_tenant, READS))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Days to look back, today included, 1 to 366; 30 if absent.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u32>,
    /// `model`: a line for each day, instance and model. `cause`: for each day, cause and channel, of a tenant over all instances together. `model` if absent.
    by: Option<String>,
}

impl ExportQuery {
    fn read(&self, today: Day) -> Result<(Day, By)> {
        let by = match self.by.as_deref() {
            None | Some("" | "model") => By::Model,
            Some("cause") => By::Cause,
            Some(_) => return Err(Error::invalid("by", "must be model or cause")),
        };
        Ok((UsageQuery { days: self.days }.from(today)?, by))
    }
}

/// What an instance has used, as CSV: a line of headings, then the days, oldest first. Costs are dollars with nine places; cells that a spreadsheet
/// would run begin with a quote.
#[utoipa::path(get, path = "/instances/{slug}/usage/export", tag = "usage", operation_id = "export_usage", params(SlugPath, ExportQuery),
    responses((status = 200, description = "CSV with a line of headings", content_type = "text/csv", body = String)))]
async fn of_instance(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    State(streams): State<Streams>,
    Param(slug): Param<Slug>,
    Query(asked): Query<ExportQuery>,
) -> Result<Response> {
    let (from, by) = asked.read(Day::of(core.clock.now()))?;
    let export = Export::of_instance(&core, &who, &slug, from, by).await?;
    answer(&core, &streams, export, &format!("usage-{slug}"))
}

/// What the whole tenant has used, as CSV: a line of headings, then each instance's days, deleted instances too. Costs are dollars with nine places;
/// cells that a spreadsheet would run begin with a quote.
#[utoipa::path(get, path = "/usage/export", tag = "usage", operation_id = "export_tenant_usage", params(ExportQuery),
    responses((status = 200, description = "CSV with a line of headings", content_type = "text/csv", body = String)))]
async fn of_tenant(
    who: Authorized<InstanceRead>,
    State(core): State<Core>,
    State(streams): State<Streams>,
    Query(asked): Query<ExportQuery>,
) -> Result<Response> {
    let (from, by) = asked.read(Day::of(core.clock.now()))?;
    let export = Export::of_tenant(&core, &who, from, by).await?;
    answer(&core, &streams, export, "usage")
}

fn answer(core: &Core, streams: &Streams, export: Export, name: &str) -> Result<Response> {
    let permit = streams.0.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Error::TooManyStreams)?;
    let file = File {
        export,
        headings: true,
        _permit: permit,
    };
    let mut response = Response::new(Body::from_stream(file.parts()));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let day = core.clock.now().date();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}-{day}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// A file being written.
struct File {
    export: Export,
    headings: bool,
    /// Held for as long as somebody reads.
    _permit: OwnedSemaphorePermit,
}

impl File {
    /// Its text, some instances at a time. A database that goes away cuts the transfer, so that half a file is not taken for a whole one.
    fn parts(self) -> impl Stream<Item = Result<Bytes, creel_control::Error>> {
        stream::try_unfold(self, |mut file| async move {
            if std::mem::take(&mut file.headings) {
                let headings = row(headings(file.export.by()));
                return Ok(Some((Bytes::from(headings), file)));
            }
            let lines = file.export.next().await?;
            Ok(lines.map(|lines| {
                (
                    Bytes::from(lines.iter().map(line).collect::<String>()),
                    file,
                )
            }))
        })
    }
}

const OF_MODELS: &[&str] = &[
    "day",
    "instance",
    "name",
    "provider",
    "model",
    "calls",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "reasoning_tokens",
    "cost_usd",
];
const OF_CAUSES: &[&str] = &[
    "day", "instance", "name", "cause", "channel", "calls", "tokens", "cost_usd",
];

fn headings(by: By) -> impl Iterator<Item = &'static str> {
    let headings = match by {
        By::Model => OF_MODELS,
        By::Cause => OF_CAUSES,
    };
    headings.iter().copied()
}

fn line(line: &Line) -> String {
    let day = line.day.date();
    let mut cells = vec![day, line.slug.clone(), line.name.clone()];
    let cost = match &line.figures {
        Figures::Model {
            provider,
            model,
            used,
        } => {
            let tokens = used.usage;
            cells.extend([provider.clone(), model.clone()]);
            let numbers = [
                used.calls,
                tokens.input,
                tokens.output,
                tokens.cache_read,
                tokens.cache_write,
                tokens.cache_write_1h,
                tokens.reasoning,
            ];
            cells.extend(numbers.map(|number| number.to_string()));
            used.cost_nano_usd
        }
        Figures::Cause(of) => {
            cells.extend([of.cause.to_string(), of.channel.clone()]);
            cells.extend([of.calls, of.tokens].map(|number| number.to_string()));
            of.cost_nano_usd
        }
    };
    cells.push(money::exact(cost));
    row(cells.iter().map(String::as_str))
}
