//! A vendor's invoice beside the ledger.

use axum::{Json, extract::State};
use creel_control::{
    Core,
    spending::reconcile::{self, Columns, Reconciled, Row, Sides},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Authorized, LongBody, Operate},
    openapi::{Reach, audited, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(
        reconcile,
        audited("invoice.reconcile", &[Reach::Db])
    ))
}

/// An invoice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reconcile {
    /// The vendor's id in the catalogue.
    #[schema(example = "openai")]
    provider: String,
    /// The text of the file, at most 1 MiB. OpenAI's and Anthropic's cost exports are known.
    #[schema(max_length = 1_048_576)]
    csv: String,
    /// Headings of other files. A day is `2026-11-21`, a time of that day, or seconds since 1970; a cost is dollars.
    columns: Option<ColumnsBody>,
    /// Only dollars are.
    #[schema(inline)]
    #[expect(dead_code, reason = "it is read so that another currency is refused")]
    currency: Option<Currency>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceColumns)]
struct ColumnsBody {
    day: Option<String>,
    model: Option<String>,
    cost: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Currency {
    Usd,
}

/// What the vendor charges beside what was booked.
#[derive(Serialize, ToSchema)]
struct Reconciliation {
    /// First day of the invoice.
    #[schema(format = "date")]
    from: String,
    /// Its last.
    #[schema(format = "date")]
    to: String,
    /// By day and model, oldest first.
    rows: Vec<RowView>,
    total: TotalView,
    /// The whole differs by more than a thousandth of the invoice.
    alarm: bool,
    /// Lines that could not be read and were left out, the first hundred.
    unread_lines: Vec<UnreadLine>,
    /// How many there are.
    unread: usize,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReconciledRow)]
struct RowView {
    #[schema(format = "date")]
    day: String,
    /// As the ledger calls it; empty where the invoice names no models.
    model: String,
    /// Charged, less credits.
    invoice_nano_usd: i64,
    /// Booked for calls that the platform's keys paid.
    ledger_nano_usd: u64,
    /// Booked less charged: negative where the vendor charges more.
    drift_nano_usd: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReconciledTotal)]
struct TotalView {
    invoice_nano_usd: i64,
    ledger_nano_usd: u64,
    /// Booked less charged.
    drift_nano_usd: i64,
    /// The same in millionths of the invoice.
    drift_ppm: i64,
}

#[derive(Serialize, ToSchema)]
struct UnreadLine {
    /// The headings are line 1.
    line: u64,
    problem: String,
}

/// Compares a vendor's cost file with the ledger, by day and model. Nothing of it is kept.
#[utoipa::path(post, path = "/operator/reconcile", tag = "operator", operation_id = "reconcile", request_body = Reconcile,
    responses((status = 200, body = Reconciliation)))]
async fn reconcile(
    who: Authorized<Operate>,
    State(core): State<Core>,
    LongBody(asked): LongBody<Reconcile>,
) -> Result<Json<Reconciliation>> {
    let columns = asked.columns.map(Columns::from).unwrap_or_default();
    let seen = reconcile::reconcile(&core, &who, &asked.provider, &asked.csv, &columns).await?;
    Ok(Json(seen.into()))
}

impl From<ColumnsBody> for Columns {
    fn from(body: ColumnsBody) -> Self {
        Self {
            day: body.day,
            model: body.model,
            cost: body.cost,
        }
    }
}

impl From<Reconciled> for Reconciliation {
    fn from(seen: Reconciled) -> Self {
        let unread = seen.unread_lines.into_iter();
        Self {
            from: seen.from,
            to: seen.to,
            rows: seen.rows.into_iter().map(RowView::from).collect(),
            alarm: seen.total.alarm(),
            total: seen.total.into(),
            unread_lines: unread
                .map(|one| UnreadLine {
                    line: one.line,
                    problem: one.problem,
                })
                .collect(),
            unread: seen.unread,
        }
    }
}

impl From<Row> for RowView {
    fn from(row: Row) -> Self {
        Self {
            day: row.day,
            model: row.model,
            invoice_nano_usd: row.sides.invoice_nano_usd,
            ledger_nano_usd: row.sides.ledger_nano_usd,
            drift_nano_usd: row.sides.drift_nano_usd(),
        }
    }
}

impl From<Sides> for TotalView {
    fn from(sides: Sides) -> Self {
        Self {
            invoice_nano_usd: sides.invoice_nano_usd,
            ledger_nano_usd: sides.ledger_nano_usd,
            drift_nano_usd: sides.drift_nano_usd(),
            drift_ppm: sides.drift_ppm(),
        }
    }
}
