//! Tools that run at the vendor. Their price stands in no usage report and what they add to the input nobody can bound beforehand, so the
//! platform's own keys do not pay for them; whoever brings a key may use them.

/// What a tool's `type` begins with, as OpenAI, Anthropic, xAI, Groq, Z.AI and Moonshot name the ones they run themselves.
const TYPES: &[&str] = &[
    "web_search",
    "web_fetch",
    "x_search",
    "file_search",
    "collections_search",
    "code_interpreter",
    "code_execution",
    "image_generation",
    "mcp",
    "browser_search",
    "builtin_function",
    "retrieval",
];

/// Keys of Google's tools, all of which run there except `functionDeclarations` and `computerUse`.
const KEYS: &[&str] = &[
    "googleSearch",
    "google_search",
    "googleSearchRetrieval",
    "google_search_retrieval",
    "googleMaps",
    "google_maps",
    "codeExecution",
    "code_execution",
    "urlContext",
    "url_context",
    "fileSearch",
    "file_search",
    "enterpriseWebSearch",
    "enterprise_web_search",
    "mcpServers",
    "mcp_servers",
];

/// The known name of a vendor's tool of this `type`.
pub(super) fn of_type(text: &[u8]) -> Option<&'static str> {
    TYPES
        .iter()
        .find(|name| text.starts_with(name.as_bytes()))
        .copied()
}

/// The known name of Google's tool under this key.
pub(super) fn of_key(key: &[u8]) -> Option<&'static str> {
    KEYS.iter().find(|name| name.as_bytes() == key).copied()
}
