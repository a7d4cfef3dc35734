//! The few paths that exist. Everything else a vendor offers (batches, files, audio, images) is not metered, therefore not reachable.

use creel_domain::{Api, Provider};
use hyper::Method;

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `POST chat/completions`.
    ChatCompletions,
    /// `POST responses`.
    Responses,
    /// `POST messages`.
    Messages,
    /// `GET models`, answered by us.
    Models,
}

/// In whose shape errors and streams are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    OpenAi,
    Anthropic,
}

/// A path taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) provider: &'static Provider,
    pub(crate) endpoint: Endpoint,
}

impl Target {
    /// Reads `/llm/<provider>/v1/<endpoint>`.
    pub(crate) fn parse(method: &Method, path: &str) -> Option<Self> {
        let (id, rest) = path.strip_prefix("/llm/")?.split_once('/')?;
        let endpoint = match (method, rest) {
            (&Method::POST, "v1/chat/completions") => Endpoint::ChatCompletions,
            (&Method::POST, "v1/responses") => Endpoint::Responses,
            (&Method::POST, "v1/messages") => Endpoint::Messages,
            (&Method::GET, "v1/models") => Endpoint::Models,
            _ => return None,
        };
        let provider = Provider::find(id)?;
        let target = Self { provider, endpoint };
        target.spoken().then_some(target)
    }

    fn spoken(self) -> bool {
        let anthropic = self.provider.api == Api::AnthropicMessages;
        match self.endpoint {
            Endpoint::Models => true,
            _ if self.provider.id == super::canned::PROVIDER => true,
            Endpoint::Messages => anthropic,
            Endpoint::ChatCompletions | Endpoint::Responses => !anthropic,
        }
    }

    pub(crate) fn dialect(self) -> Dialect {
        match (self.endpoint, self.provider.api) {
            (Endpoint::Messages, _) | (Endpoint::Models, Api::AnthropicMessages) => {
                Dialect::Anthropic
            }
            _ => Dialect::OpenAi,
        }
    }
}

/// The dialect of a path that [`Target::parse`] did not know, guessed so that the caller can read the refusal.
pub(crate) fn likely_dialect(path: &str) -> Dialect {
    if path.starts_with("/llm/anthropic/") || path.contains("/v1/messages") {
        Dialect::Anthropic
    } else {
        Dialect::OpenAi
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_paths_exist() {
        let parse = |method, path| Target::parse(&method, path).is_some();
        for path in [
            "/llm/openai/v1/chat/completions",
            "/llm/openai/v1/responses",
            "/llm/anthropic/v1/messages",
            "/llm/minimax/v1/messages",
            "/llm/canned/v1/messages",
            "/llm/custom/v1/chat/completions",
        ] {
            assert!(parse(Method::POST, path), "{path}");
            assert!(!parse(Method::GET, path), "GET {path}");
        }
        for path in [
            "/llm/openai/v1/messages",
            "/llm/anthropic/v1/chat/completions",
            "/llm/anthropic/v1/messages/batches",
            "/llm/openai/v1/embeddings",
            "/llm/openai/v1/chat/completions/",
            "/llm/openai//v1/chat/completions",
            "/llm/openai/v1/../v1/responses",
            "/llm/nobody/v1/responses",
            "/llm/v1/responses",
            "/llm/",
        ] {
            assert!(!parse(Method::POST, path), "{path}");
        }
        assert!(parse(Method::GET, "/llm/anthropic/v1/models"));
    }
}
