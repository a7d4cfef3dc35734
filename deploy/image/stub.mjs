// A model vendor and a Bot API in one small server, enough for a Gateway to start and to answer one turn.
import http from "node:http";

const SAID = "Ahoy from the stub.";

const sse = (res, frames) => {
  res.writeHead(200, { "content-type": "text/event-stream" });
  for (const [event, data] of frames) {
    res.write(`${event ? `event: ${event}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
  }
  res.end();
};

const completions = (res) => {
  const chunk = (delta, finish_reason = null) => ({
    id: "c1", object: "chat.completion.chunk", created: 1, model: "stub", choices: [{ index: 0, delta, finish_reason }],
  });
  sse(res, [
    ["", chunk({ role: "assistant", content: SAID })],
    ["", chunk({}, "stop")],
    ["", { id: "c1", object: "chat.completion.chunk", created: 1, model: "stub", choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } }],
    ["", "[DONE]"],
  ]);
};

const responses = (res) => {
  const item = { id: "m1", type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: SAID, annotations: [] }] };
  const done = { id: "r1", object: "response", created_at: 1, model: "stub", status: "completed", output: [item], usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 } };
  const frames = [
    { type: "response.created", response: { ...done, status: "in_progress", output: [] } },
    { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress", content: [] } },
    { type: "response.content_part.added", item_id: "m1", output_index: 0, content_index: 0, part: { type: "output_text", text: "", annotations: [] } },
    { type: "response.output_text.delta", item_id: "m1", output_index: 0, content_index: 0, delta: SAID },
    { type: "response.output_text.done", item_id: "m1", output_index: 0, content_index: 0, text: SAID },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: done },
  ];
  sse(res, frames.map((data, i) => [data.type, { ...data, sequence_number: i }]));
};

const messages = (res) =>
  sse(
    res,
    [
      { type: "message_start", message: { id: "m1", type: "message", role: "assistant", model: "stub", content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 10, output_tokens: 1 } } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: SAID } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 5 } },
      { type: "message_stop" },
    ].map((data) => [data.type, data]),
  );

const json = (res, body) => {
  res.writeHead(200, { "content-type": "application/json" });
  res.end(JSON.stringify(body));
};

const botApi = (res, method, seen) => {
  seen.push(method);
  if (method === "getMe") return json(res, { ok: true, result: { id: 1000000, is_bot: true, first_name: "stub", username: "stub_bot" } });
  // A long poll is held open for a while so that the Gateway does not spin.
  if (method === "getUpdates") return void setTimeout(() => json(res, { ok: true, result: [] }), 5000).unref();
  return json(res, { ok: true, result: true });
};

export const serve = (host, port) =>
  new Promise((resolve) => {
    const seen = [];
    const server = http.createServer((req, res) => {
      req.resume();
      req.on("end", () => {
        const path = new URL(req.url, "http://stub").pathname;
        if (path.startsWith("/bot")) return botApi(res, path.split("/")[2], seen);
        seen.push(path);
        if (path.endsWith("/chat/completions")) return completions(res);
        if (path.endsWith("/responses")) return responses(res);
        if (path.endsWith("/messages")) return messages(res);
        if (path.endsWith("/models")) return json(res, { object: "list", data: [{ id: "stub", object: "model" }] });
        res.writeHead(404).end();
      });
    });
    server.listen(port, host, () => resolve({ seen, said: SAID, port: server.address().port, close: () => server.close() }));
  });
