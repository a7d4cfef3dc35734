//! Usage of one model call, as the vendor reported it, and why the call was made.

use serde::{Deserialize, Serialize};

use crate::token::text_enum;

/// Tokens of one call. `input` and `output` count everything; the other fields name parts of them that have a price of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Input tokens, including cached reads, cache writes, images and audio.
    pub input: u64,
    /// Output tokens, including reasoning, images and audio.
    pub output: u64,
    /// Of the input, read from the vendor's cache.
    pub cache_read: u64,
    /// Of the input, written to the vendor's cache, for however long.
    pub cache_write: u64,
    /// Of the cache writes, those kept for an hour; the rest is kept for five minutes.
    pub cache_write_1h: u64,
    /// Of the output, thinking that the caller may never see.
    pub reasoning: u64,
    /// Of the input, audio.
    pub input_audio: u64,
    /// Of the output, audio.
    pub output_audio: u64,
    /// Of the input, images.
    pub input_image: u64,
    /// Of the output, images.
    pub output_image: u64,
}

text_enum! {
    /// Why an instance called a model.
    pub enum Cause {
        /// Somebody wrote to it.
        Person = "person",
        /// OpenClaw's own regular look whether there is something to do.
        Heartbeat = "heartbeat",
        /// A task that was set for a time.
        Cron = "cron",
        /// An agent that another agent started.
        SubAgent = "sub_agent",
        /// The same call again, after one that failed.
        Retry = "retry",
        /// Nothing told.
        Unknown = "unknown",
    }
}

impl Usage {
    /// What counts against limits in tokens.
    pub fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Adds each part, saturating.
    pub fn add(&mut self, more: Self) {
        let parts = [
            (&mut self.input, more.input),
            (&mut self.output, more.output),
            (&mut self.cache_read, more.cache_read),
            (&mut self.cache_write, more.cache_write),
            (&mut self.cache_write_1h, more.cache_write_1h),
            (&mut self.reasoning, more.reasoning),
            (&mut self.input_audio, more.input_audio),
            (&mut self.output_audio, more.output_audio),
            (&mut self.input_image, more.input_image),
            (&mut self.output_image, more.output_image),
        ];
        for (mine, more) in parts {
            *mine = mine.saturating_add(more);
        }
    }
}
