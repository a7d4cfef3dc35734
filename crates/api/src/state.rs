//! What handlers ask for, piece by piece, with `FromRef`.

use std::sync::Arc;

use axum::extract::FromRef;
use creel_control::Core;
use tokio::sync::Semaphore;

use crate::{ApiOptions, limit::Limits, pulse::Pulses};

/// What the binary hands in.
#[derive(Clone, FromRef)]
pub struct ApiState {
    /// The use cases.
    pub core: Core,
    /// The operator's choices.
    pub options: ApiOptions,
}

/// The same with what lives only in this process.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    pub(crate) core: Core,
    pub(crate) options: Arc<ApiOptions>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) streams: Streams,
    pub(crate) pulses: Arc<Pulses>,
}

/// Room for event streams.
#[derive(Clone)]
pub(crate) struct Streams(pub(crate) Arc<Semaphore>);

impl AppState {
    pub(crate) fn new(state: ApiState) -> Self {
        let limits = Limits::new(&state.options.rate_limits, Arc::clone(&state.core.clock));
        let streams = Streams(Arc::new(Semaphore::new(state.options.max_streams)));
        Self {
            core: state.core,
            options: Arc::new(state.options),
            limits: Arc::new(limits),
            streams,
            pulses: Arc::default(),
        }
    }
}
