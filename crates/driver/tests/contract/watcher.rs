//! A progress that writes the steps down and refuses one of them.

use std::sync::Mutex;

use async_trait::async_trait;
use creel_domain::Step;
use creel_driver::{Interrupted, Progress};

#[derive(Default)]
pub(crate) struct Watcher {
    pub(crate) refuse: Option<Step>,
    begun: Mutex<Vec<Step>>,
    done: Mutex<Vec<Step>>,
}

impl Watcher {
    pub(crate) fn refusing(step: Step) -> Self {
        Self {
            refuse: Some(step),
            ..Self::default()
        }
    }

    pub(crate) fn begun(&self) -> Vec<Step> {
        self.begun.lock().unwrap().clone()
    }

    pub(crate) fn done(&self) -> Vec<Step> {
        self.done.lock().unwrap().clone()
    }
}

#[async_trait]
impl Progress for Watcher {
    async fn begin(&self, step: Step) -> Result<(), Interrupted> {
        if self.refuse == Some(step) {
            return Err(Interrupted);
        }
        self.begun.lock().unwrap().push(step);
        Ok(())
    }

    async fn done(&self, step: Step) {
        self.done.lock().unwrap().push(step);
    }
}
