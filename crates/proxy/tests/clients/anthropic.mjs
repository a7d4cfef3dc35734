// The official client of Anthropic.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import {
  asked,
  base,
  check,
  isLimit,
  key,
  raised,
  raisedAfterText,
  readHeld,
  run,
  untilFree,
  whole,
} from "./check.mjs";

const MODEL = "claude-sonnet-4-6";
const address = { baseURL: `${base}/anthropic`, apiKey: key };
const client = new Anthropic(address);
const once = new Anthropic({ ...address, maxRetries: 0 });

const ask = (words, more) => ({ model: MODEL, max_tokens: 300, messages: [{ role: "user", content: words }], ...more });
const streamed = { stream: true };
const text = (event) => (event.delta?.type === "text_delta" ? event.delta.text : "");

const schema = { type: "object", properties: { place: { type: "string" } }, required: ["place"] };
const tools = [{ name: "get_tide", description: "Tides", input_schema: schema }];

/** The usage of a stream read event by event: the first report, and what later ones correct. */
function usageOf(events) {
  const reports = events.map((event) => event.message?.usage ?? event.usage ?? {});
  return Object.assign({}, ...reports);
}

async function messages() {
  await check("messages", async () => {
    const answer = await client.messages.create(ask("Hello"));
    whole(answer.content[0].text);
    assert.equal(answer.stop_reason, "end_turn");
    return [answer.usage];
  });
  await check("messages, streamed", async () => {
    const stream = await client.messages.create(ask("hold", streamed));
    const { events, released } = await readHeld(stream, text, () => client.messages.create(ask("release")));
    assert.ok(events.filter(text).length > 3, "in pieces");
    assert.equal(events.at(-1).type, "message_stop");
    return [released.usage, usageOf(events)];
  });
  await check("messages, by the stream helper", async () => {
    const stream = client.messages.stream(ask("Hello"));
    whole(await stream.finalText());
    return [(await stream.finalMessage()).usage];
  });
  await check("messages, a tool call and its result", async () => {
    const request = ask("How is the tide?", { tools });
    const first = await client.messages.create(request);
    const [use] = first.content;
    assert.deepEqual([first.stop_reason, use.type], ["tool_use", "tool_use"]);
    asked(use.input);
    const result = { role: "user", content: [{ type: "tool_result", tool_use_id: use.id, content: "low" }] };
    const turns = [...request.messages, { role: "assistant", content: first.content }, result];
    const second = await client.messages.create({ ...request, messages: turns });
    whole(second.content[0].text, 3);
    return [first.usage, second.usage];
  });
  await check("messages, a tool call streamed", async () => {
    const answer = await client.messages.stream(ask("How is the tide?", { tools })).finalMessage();
    asked(answer.content[0].input);
    return [answer.usage];
  });
  await check("messages, several turns", async () => {
    const turns = [];
    const usage = [];
    const system = [{ type: "text", text: "You are a crab.", cache_control: { type: "ephemeral", ttl: "1h" } }];
    for (const words of ["One", "Two", "Three"]) {
      turns.push({ role: "user", content: [{ type: "text", text: words }] });
      const answer = await client.messages.create(ask("", { system, messages: turns }));
      whole(answer.content[0].text, turns.length);
      turns.push({ role: "assistant", content: answer.content });
      usage.push(answer.usage);
    }
    return usage;
  });
  await check("messages, with a bearer token", async () => {
    const bearer = new Anthropic({ baseURL: address.baseURL, apiKey: null, authToken: key });
    return [(await bearer.messages.create(ask("Hello"))).usage];
  });
  await check("messages, beta", async () => {
    const betas = ["context-1m-2025-08-07", "interleaved-thinking-2025-05-14"];
    const answer = await client.beta.messages.create(ask("Hello", { betas }));
    whole(answer.content[0].text);
    return [answer.usage];
  });
}

async function models() {
  await check("models", async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.ok(ids.includes(MODEL), String(ids));
  });
}

async function tokens() {
  const { max_tokens: _, ...request } = ask("Hello", { tools });
  await check("count_tokens", async () => {
    assert.equal((await client.messages.countTokens(request)).input_tokens, 2095);
  });
  await check("count_tokens, beta", async () => {
    const betas = ["context-1m-2025-08-07"];
    assert.equal((await client.beta.messages.countTokens({ ...request, betas })).input_tokens, 2095);
  });
}

async function refusals() {
  const create = (who, words, more) => raised(who.messages.create(ask(words, more)));
  await check("a wrong key", async () => {
    const error = await create(new Anthropic({ ...address, apiKey: "sk-ant-0123456789abcdef" }), "Hello");
    assert.ok(error instanceof Anthropic.AuthenticationError, error);
    assert.equal(error.error.error.type, "authentication_error");
  });
  await check("a model that the plan does not include", async () => {
    const error = await create(client, "Hello", { model: "claude-opus-5" });
    assert.ok(error instanceof Anthropic.NotFoundError, error);
    assert.match(error.message, /claude-opus-5/);
  });
  await check("a path that is not served", async () => {
    const error = await raised(client.messages.batches.list());
    assert.ok(error instanceof Anthropic.NotFoundError, error);
    assert.equal(error.error.error.type, "not_found_error");
  });
  await check("what the vendor refuses, in its words", async () => {
    const error = await create(client, "refuse 400");
    assert.ok(error instanceof Anthropic.BadRequestError, error);
    assert.equal(error.error.error.message, "The stub does not like this.");
    assert.equal(error.requestID, "req_vendor");
  });
  await check("what the vendor refuses, streamed", async () => {
    const error = await create(client, "refuse 422", streamed);
    assert.ok(error instanceof Anthropic.UnprocessableEntityError, error);
  });
  await check("a 429 that the client gets over", async () => {
    const answer = await client.messages.create(ask("flaky 429"));
    whole(answer.content[0].text);
    return [answer.usage];
  });
  await check("a failure of the vendor", async () => {
    const error = await create(once, "refuse 529");
    assert.ok(error instanceof Anthropic.InternalServerError, error);
    assert.equal(error.status, 529);
    assert.equal(error.error.error.type, "overloaded_error");
  });
  // A vendor that says 429 is left alone for as long as it says, so this comes last.
  await check("the vendor's 429", async () => {
    const error = await create(once, "refuse 429");
    assert.ok(error instanceof Anthropic.RateLimitError, error);
  });
}

async function keyRefused() {
  await check("the vendor refuses the provider key", async () => {
    const error = await raised(client.messages.create(ask("Hello")));
    assert.ok(error instanceof Anthropic.AuthenticationError, error);
    assert.match(error.message, /Anthropic refused the API key/);
  });
}

async function spent() {
  const calls = {
    messages: () => client.messages.create(ask("Hello")),
    "messages, streamed": () => client.messages.create(ask("Hello", streamed)),
    "messages, by the stream helper": () => client.messages.stream(ask("Hello")).finalMessage(),
    "messages, beta": () => client.beta.messages.create(ask("Hello", { betas: ["x"] })),
  };
  for (const [name, call] of Object.entries(calls)) {
    await check(`spent: ${name}`, async () => {
      const error = await raised(call());
      assert.ok(error instanceof Anthropic.APIError, error);
      assert.deepEqual([error.status, error.error.error.type], [402, "billing_error"]);
      isLimit(error.message);
    });
  }
}

async function rate() {
  await check("the first call of the minute", async () => [(await once.messages.create(ask("Hello"))).usage]);
  await check("our own 429", async () => {
    const error = await raised(once.messages.create(ask("Hello")));
    assert.ok(error instanceof Anthropic.RateLimitError, error);
    assert.ok(Number(error.headers.get("retry-after")) > 0);
  });
}

async function left() {
  await check("messages, aborted in the middle", async () => {
    const stream = await once.messages.create(ask("hold", streamed));
    for await (const event of stream) {
      if (text(event)) stream.controller.abort();
    }
  });
  await check("the place is free again", async () => {
    const answer = await untilFree(() => once.messages.create(ask("Hello")));
    return [answer.usage];
  });
  await check("messages, the stream helper aborted", async () => {
    const stream = once.messages.stream(ask("hold"));
    stream.on("text", () => stream.abort());
    assert.ok((await raised(stream.finalMessage())) instanceof Anthropic.APIUserAbortError);
  });
  await check("the place is free once more", async () => {
    const answer = await untilFree(() => once.messages.create(ask("Hello")));
    return [answer.usage];
  });
}

async function broken() {
  await check("messages, broken between events", async () => {
    const error = await raisedAfterText(client.messages.create(ask("break", streamed)), text);
    assert.ok(error instanceof Anthropic.APIError, error);
    assert.match(error.message, /Anthropic broke the connection/);
  });
  await check("messages, broken within an event", async () => {
    await raisedAfterText(client.messages.create(ask("tear", streamed)), text);
  });
  await check("messages, the stream helper broken", async () => {
    const error = await raised(client.messages.stream(ask("break")).finalMessage());
    assert.ok(error instanceof Anthropic.APIError, error);
  });
  await check("messages, a document broken in the middle", async () => {
    await raised(once.messages.create(ask("break")));
  });
}

await run({ messages, models, tokens, refusals, keyRefused, spent, rate, left, broken });
