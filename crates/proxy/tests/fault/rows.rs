//! The table, by what is wrong.

mod broken;
mod events;
mod http;
mod refusal;
mod shape;
mod silence;
mod usage;

use crate::row::Row;

/// All of it.
pub(crate) fn all() -> Vec<Row> {
    [
        silence::rows(),
        refusal::rows(),
        broken::rows(),
        events::rows(),
        usage::rows(),
        shape::rows(),
        http::rows(),
    ]
    .concat()
}
