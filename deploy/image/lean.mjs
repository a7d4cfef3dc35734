// The configuration used to warm the image up and to measure it: what crates/openclaw generates, with the pieces that
// differ between the two runs handed in. `llm` and `telegram` are the base URLs of the stubs.
export const lean = ({ llm, telegram, auth, gateway = {}, plugins = [], channels = {} }) => ({
  gateway: {
    mode: "local",
    bind: "lan",
    ...auth,
    controlUi: { enabled: false },
    terminal: { enabled: false },
    ...gateway,
  },
  agents: {
    defaults: {
      model: { primary: "creel/stub" },
      heartbeat: { every: "0m" },
      sandbox: { mode: "off" },
    },
  },
  models: {
    mode: "replace",
    catalogRefresh: { enabled: false },
    providers: Object.fromEntries(
      [
        ["creel", "openai-completions", `${llm}/v1`],
        ["creel-responses", "openai-responses", `${llm}/v1`],
        ["creel-messages", "anthropic-messages", llm],
      ].map(([id, api, baseUrl]) => [
        id,
        { baseUrl, api, apiKey: "stub", models: [{ id: "stub", name: "stub", contextWindow: 200000, maxTokens: 8192 }] },
      ]),
    ),
  },
  channels: {
    ...(telegram && { telegram: { enabled: true, botToken: "1000000:stub", apiRoot: telegram, dmPolicy: "open", allowFrom: ["*"] } }),
    ...channels,
  },
  plugins: {
    allow: ["admin-http-rpc", ...(telegram ? ["telegram"] : []), ...plugins],
    entries: Object.fromEntries(["admin-http-rpc", ...plugins].map((id) => [id, { enabled: true }])),
    slots: { memory: "none" },
  },
  browser: { enabled: false },
  discovery: { mdns: { mode: "off" } },
  update: { checkOnStart: false },
});
