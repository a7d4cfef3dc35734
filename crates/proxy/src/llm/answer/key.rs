//! The keys under which vendors report usage.

/// A key of an answer, by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Key {
    #[default]
    Other,
    /// Objects that carry a report.
    Message,
    Response,
    Choices,
    Groq,
    /// The report.
    Usage,
    Type,
    Error,
    ServiceTier,
    /// Counts of input.
    Input,
    CacheRead,
    CacheWrite,
    Kept5m,
    Kept1h,
    ToolInput,
    /// Counts of output.
    Output,
    Thoughts,
    /// Of either, by the object around.
    Audio,
    Image,
    Total,
    /// Objects and lists of parts.
    InputParts,
    OutputParts,
    CacheCreation,
    Iterations,
    Modality,
    Count,
}

impl Key {
    /// The meaning of a key, wherever it stands.
    pub(super) fn read(key: &[u8]) -> Self {
        match key {
            b"message" => Self::Message,
            b"response" => Self::Response,
            b"choices" => Self::Choices,
            b"x_groq" => Self::Groq,
            b"usage" | b"usageMetadata" | b"usage_metadata" => Self::Usage,
            b"type" => Self::Type,
            b"error" => Self::Error,
            b"service_tier" => Self::ServiceTier,
            _ => Self::Other,
        }
    }

    /// The meaning of a key inside a report.
    pub(super) fn of_report(key: &[u8]) -> Self {
        match key {
            b"prompt_tokens" | b"input_tokens" | b"promptTokenCount" => Self::Input,
            b"completion_tokens" | b"output_tokens" | b"candidatesTokenCount" => Self::Output,
            b"total_tokens" | b"totalTokenCount" => Self::Total,
            b"cached_tokens"
            | b"cache_read_input_tokens"
            | b"cache_read_tokens"
            | b"prompt_cache_hit_tokens"
            | b"cachedContentTokenCount" => Self::CacheRead,
            b"cache_creation_input_tokens" | b"cache_creation_tokens" | b"cache_write_tokens" => {
                Self::CacheWrite
            }
            b"ephemeral_5m_input_tokens" => Self::Kept5m,
            b"ephemeral_1h_input_tokens" => Self::Kept1h,
            b"toolUsePromptTokenCount" => Self::ToolInput,
            b"reasoning_tokens" | b"thinking_tokens" | b"thoughtsTokenCount" => Self::Thoughts,
            b"audio_tokens" => Self::Audio,
            b"image_tokens" => Self::Image,
            b"prompt_tokens_details" | b"input_tokens_details" | b"promptTokensDetails" => {
                Self::InputParts
            }
            b"completion_tokens_details"
            | b"output_tokens_details"
            | b"candidatesTokensDetails" => Self::OutputParts,
            b"cache_creation" => Self::CacheCreation,
            b"iterations" => Self::Iterations,
            b"modality" => Self::Modality,
            b"tokenCount" => Self::Count,
            b"service_tier" => Self::ServiceTier,
            _ => Self::Other,
        }
    }
}
