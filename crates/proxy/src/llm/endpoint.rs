//! The few paths that exist. Everything else a vendor offers (batches, files, audio, images) is not metered, therefore not reachable.

use creel_domain::{Api, Provider};
use hyper::Method;

/// Longest model id in a path, bytes.
const LONGEST_MODEL: usize = 128;

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `POST chat/completions`.
    ChatCompletions,
    /// `POST responses`.
    Responses,
    /// `POST embeddings`.
    Embeddings,
    /// `POST messages`.
    Messages,
    /// `POST messages/count_tokens`: costs nothing.
    CountTokens,
    /// `POST models/<model>:generateContent`.
    Generate,
    /// `POST models/<model>:streamGenerateContent`.
    StreamGenerate,
    /// `POST models/<model>:countTokens`: costs nothing.
    CountGoogle,
    /// `GET models`, answered by us.
    Models,
}

/// In whose shape errors and streams are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    OpenAi,
    Anthropic,
    Google,
}

/// A path taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) provider: &'static Provider,
    pub(crate) endpoint: Endpoint,
    /// The model, where the path names it.
    pub(crate) model: Option<&'a str>,
    dialect: Dialect,
}

// === impl Endpoint ===

impl Endpoint {
    fn of(method: &Method, rest: &str) -> Option<Self> {
        Some(match (method, rest) {
            (&Method::POST, "v1/chat/completions") => Self::ChatCompletions,
            (&Method::POST, "v1/responses") => Self::Responses,
            (&Method::POST, "v1/embeddings") => Self::Embeddings,
            (&Method::POST, "v1/messages") => Self::Messages,
            (&Method::POST, "v1/messages/count_tokens") => Self::CountTokens,
            (&Method::GET, "v1/models" | "v1beta/models") => Self::Models,
            _ => return None,
        })
    }

    /// Google's verbs, which stand behind the model: `v1beta/models/<model>:<verb>`.
    fn of_google<'a>(method: &Method, rest: &'a str) -> Option<(Self, &'a str)> {
        let (model, verb) = rest.strip_prefix("v1beta/models/")?.split_once(':')?;
        let endpoint = match verb {
            "generateContent" => Self::Generate,
            "streamGenerateContent" => Self::StreamGenerate,
            "countTokens" => Self::CountGoogle,
            _ => return None,
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let sound = !model.is_empty()
            && model.len() <= LONGEST_MODEL
            && !model.starts_with('.')
            && model.bytes().all(plain);
        (sound && method == Method::POST).then_some((endpoint, model))
    }

    /// Whether a model answers, whole or in events.
    pub(crate) fn answers(self) -> bool {
        !matches!(
            self,
            Self::Embeddings | Self::CountTokens | Self::CountGoogle | Self::Models
        )
    }

    /// Whether the vendor takes nothing for it.
    pub(crate) fn is_free(self) -> bool {
        matches!(self, Self::CountTokens | Self::CountGoogle | Self::Models)
    }
}

// === impl Target ===

impl<'a> Target<'a> {
    /// Reads `/llm/<provider>/v1/<endpoint>`, and Google's own paths.
    pub(crate) fn parse(method: &Method, path: &'a str) -> Option<Self> {
        let (id, rest) = path.strip_prefix("/llm/")?.split_once('/')?;
        let provider = Provider::find(id)?;
        let google = || Endpoint::of_google(method, rest).map(|(e, model)| (e, Some(model)));
        let (endpoint, model) = Endpoint::of(method, rest)
            .map(|endpoint| (endpoint, None))
            .or_else(google)?;
        let target = Self {
            provider,
            endpoint,
            model,
            dialect: likely_dialect(path),
        };
        target.is_spoken().then_some(target)
    }

    /// The same call at another provider; `None` where it does not speak this dialect.
    pub(crate) fn at(self, provider: &'static Provider) -> Option<Self> {
        let there = Self { provider, ..self };
        there.is_spoken().then_some(there)
    }

    fn is_spoken(self) -> bool {
        let anthropic = self.provider.api == Api::AnthropicMessages;
        let canned = self.provider.id == super::canned::PROVIDER;
        match self.endpoint {
            Endpoint::Models => self.dialect != Dialect::Google || self.is_google(),
            Endpoint::ChatCompletions | Endpoint::Responses => canned || !anthropic,
            Endpoint::Embeddings => !canned && !anthropic,
            Endpoint::Messages => canned || anthropic,
            Endpoint::CountTokens => anthropic,
            Endpoint::Generate | Endpoint::StreamGenerate | Endpoint::CountGoogle => {
                self.is_google()
            }
        }
    }

    fn is_google(self) -> bool {
        self.provider.id == "google"
    }

    pub(crate) fn dialect(self) -> Dialect {
        self.dialect
    }
}

/// The dialect of a path, also of one that [`Target::parse`] does not know, so that the caller can read the refusal.
pub(crate) fn likely_dialect(path: &str) -> Dialect {
    let rest = path.strip_prefix("/llm/").unwrap_or(path);
    let (id, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let anthropic =
        || Provider::find(id).is_some_and(|provider| provider.api == Api::AnthropicMessages);
    if rest.starts_with("v1beta/") {
        Dialect::Google
    } else if rest.starts_with("v1/messages") || anthropic() {
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
            "/llm/openai/v1/embeddings",
            "/llm/anthropic/v1/messages",
            "/llm/anthropic/v1/messages/count_tokens",
            "/llm/minimax/v1/messages",
            "/llm/canned/v1/messages",
            "/llm/custom/v1/chat/completions",
            "/llm/google/v1/chat/completions",
            "/llm/google/v1beta/models/gemini-3-flash-preview:generateContent",
            "/llm/google/v1beta/models/gemini-3-flash-preview:streamGenerateContent",
            "/llm/google/v1beta/models/gemini-3-flash-preview:countTokens",
        ] {
            assert!(parse(Method::POST, path), "{path}");
            assert!(!parse(Method::GET, path), "GET {path}");
        }
        for path in [
            "/llm/openai/v1/messages",
            "/llm/anthropic/v1/chat/completions",
            "/llm/anthropic/v1/embeddings",
            "/llm/anthropic/v1/messages/batches",
            "/llm/openai/v1/files",
            "/llm/openai/v1/chat/completions/",
            "/llm/openai//v1/chat/completions",
            "/llm/openai/v1/../v1/responses",
            "/llm/nobody/v1/responses",
            "/llm/v1/responses",
            "/llm/openai/v1beta/models/gpt:generateContent",
            "/llm/google/v1beta/models/a/b:generateContent",
            "/llm/google/v1beta/models/..:generateContent",
            "/llm/google/v1beta/models/%2e%2e:generateContent",
            "/llm/google/v1beta/models/:generateContent",
            "/llm/google/v1beta/models/gemini:batchGenerateContent",
            "/llm/",
        ] {
            assert!(!parse(Method::POST, path), "{path}");
        }
        for path in ["/llm/anthropic/v1/models", "/llm/google/v1beta/models"] {
            assert!(parse(Method::GET, path), "{path}");
        }
        assert!(!parse(Method::GET, "/llm/openai/v1beta/models"));
    }

    #[test]
    fn the_dialect_is_that_of_the_path() {
        for (path, dialect) in [
            ("/llm/openai/v1/x", Dialect::OpenAi),
            ("/llm/anthropic/v1/models", Dialect::Anthropic),
            ("/llm/minimax/x", Dialect::Anthropic),
            ("/llm/canned/v1/messages", Dialect::Anthropic),
            ("/llm/google/v1beta/models/x:y", Dialect::Google),
            ("/llm/google/v1/chat/completions", Dialect::OpenAi),
            ("/llm/", Dialect::OpenAi),
        ] {
            assert_eq!(likely_dialect(path), dialect, "{path}");
        }
    }

    #[test]
    fn a_call_moves_only_to_a_provider_of_its_dialect() {
        let chat = Target::parse(&Method::POST, "/llm/openai/v1/chat/completions").unwrap();
        let find = |id| Provider::find(id).unwrap();
        assert!(chat.at(find("groq")).is_some());
        assert!(chat.at(find("anthropic")).is_none());
    }
}
