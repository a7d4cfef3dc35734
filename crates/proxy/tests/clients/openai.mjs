// The official client of OpenAI.
import assert from "node:assert/strict";
import OpenAI from "openai";
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

const MODEL = "gpt-5.4-mini";
const address = { baseURL: `${base}/openai/v1`, apiKey: key };
const client = new OpenAI(address);
const once = new OpenAI({ ...address, maxRetries: 0 });

const chat = (words, more) => ({ model: MODEL, messages: [{ role: "user", content: words }], ...more });
const respond = (words, more) => ({ model: MODEL, input: words, store: false, ...more });
const streamed = { stream: true, stream_options: { include_usage: true } };
const chatText = (chunk) => chunk.choices[0]?.delta?.content;
const responseText = (event) => (event.type === "response.output_text.delta" ? event.delta : "");

const parameters = {
  type: "object",
  properties: { place: { type: "string" } },
  required: ["place"],
  additionalProperties: false,
};
const chatTools = [{ type: "function", function: { name: "get_tide", description: "Tides", parameters } }];
const responseTools = [{ type: "function", name: "get_tide", description: "Tides", parameters, strict: true }];

async function completions() {
  await check("chat", async () => {
    const answer = await client.chat.completions.create(chat("Hello"));
    whole(answer.choices[0].message.content);
    assert.equal(answer.choices[0].finish_reason, "stop");
    return [answer.usage];
  });
  await check("chat, streamed", async () => {
    const stream = await client.chat.completions.create(chat("hold", streamed));
    const release = () => client.chat.completions.create(chat("release"));
    const { events, released } = await readHeld(stream, chatText, release);
    assert.ok(events.filter(chatText).length > 3, "in pieces");
    const last = events.at(-1);
    assert.deepEqual(last.choices, []);
    return [released.usage, last.usage];
  });
  await check("chat, streamed without asking for usage", async () => {
    const stream = await client.chat.completions.create(chat("Hello", { stream: true }));
    let [text, usage] = ["", undefined];
    for await (const chunk of stream) {
      text += chatText(chunk) ?? "";
      usage = chunk.usage ?? usage;
    }
    whole(text);
    return [usage];
  });
  await check("chat, by the stream helper", async () => {
    const stream = client.chat.completions.stream(chat("Hello", { stream_options: { include_usage: true } }));
    whole(await stream.finalContent());
    return [(await stream.finalChatCompletion()).usage];
  });
  await check("chat, a tool call and its result", async () => {
    const ask = chat("How is the tide?", { tools: chatTools });
    const first = await client.chat.completions.create(ask);
    const { message, finish_reason: reason } = first.choices[0];
    assert.equal(reason, "tool_calls");
    asked(message.tool_calls[0].function.arguments);
    const result = { role: "tool", tool_call_id: message.tool_calls[0].id, content: "low" };
    const second = await client.chat.completions.create({ ...ask, messages: [...ask.messages, message, result] });
    whole(second.choices[0].message.content, 3);
    return [first.usage, second.usage];
  });
  await check("chat, a tool call streamed", async () => {
    const stream = client.chat.completions.stream(chat("How is the tide?", { tools: chatTools, ...streamed }));
    const answer = await stream.finalChatCompletion();
    asked(answer.choices[0].message.tool_calls[0].function.arguments);
    return [answer.usage];
  });
  await check("chat, several turns", async () => {
    const messages = [{ role: "system", content: "You are a crab." }];
    const usage = [];
    for (const words of ["One", "Two", "Three"]) {
      messages.push({ role: "user", content: [{ type: "text", text: words }] });
      const answer = await client.chat.completions.create({ model: MODEL, messages });
      whole(answer.choices[0].message.content, messages.length);
      messages.push(answer.choices[0].message);
      usage.push(answer.usage);
    }
    return usage;
  });
  await check("chat, beta header", async () => {
    const headers = { "OpenAI-Beta": "assistants=v2" };
    return [(await client.chat.completions.create(chat("Hello"), { headers })).usage];
  });
}

async function responses() {
  await check("responses", async () => {
    const answer = await client.responses.create(respond("Hello"));
    whole(answer.output_text);
    return [answer.usage];
  });
  await check("responses, streamed", async () => {
    const stream = await client.responses.create(respond("hold", { stream: true }));
    const release = () => client.responses.create(respond("release"));
    const { events, released } = await readHeld(stream, responseText, release);
    const last = events.at(-1);
    assert.equal(last.type, "response.completed");
    return [released.usage, last.response.usage];
  });
  await check("responses, by the stream helper", async () => {
    const answer = await client.responses.stream(respond("Hello")).finalResponse();
    whole(answer.output_text);
    return [answer.usage];
  });
  await check("responses, a tool call and its result", async () => {
    const ask = respond([{ role: "user", content: "How is the tide?" }], { tools: responseTools });
    const first = await client.responses.create(ask);
    const [call] = first.output;
    assert.equal(call.type, "function_call");
    asked(call.arguments);
    const result = { type: "function_call_output", call_id: call.call_id, output: "low" };
    const second = await client.responses.create({ ...ask, input: [...ask.input, call, result] });
    whole(second.output_text, 3);
    return [first.usage, second.usage];
  });
  await check("responses, a tool call streamed", async () => {
    const stream = client.responses.stream(respond("How is the tide?", { tools: responseTools }));
    const answer = await stream.finalResponse();
    asked(answer.output[0].arguments);
    return [answer.usage];
  });
  await check("responses, several turns", async () => {
    let input = [];
    const usage = [];
    for (const words of ["One", "Two", "Three"]) {
      input = [...input, { role: "user", content: [{ type: "input_text", text: words }] }];
      const answer = await client.responses.create(respond(input));
      whole(answer.output_text, input.length);
      input = [...input, ...answer.output];
      usage.push(answer.usage);
    }
    return usage;
  });
}

async function models() {
  await check("models", async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.ok(ids.includes(MODEL), String(ids));
  });
}

async function embeddings() {
  const model = "text-embedding-3-small";
  await check("embeddings", async () => {
    const answer = await client.embeddings.create({ model, input: "Hello" });
    assert.deepEqual(answer.data[0].embedding, [0.5, -2]);
    return [answer.usage];
  });
  await check("embeddings, several as numbers", async () => {
    const answer = await client.embeddings.create({ model, input: ["One", "Two"], encoding_format: "float" });
    assert.deepEqual(
      answer.data.map((entry) => entry.embedding),
      [
        [0.5, -2],
        [0.5, -2],
      ],
    );
    return [answer.usage];
  });
}

async function refusals() {
  const create = (who, words, more) => raised(who.chat.completions.create(chat(words, more)));
  await check("a wrong key", async () => {
    const stranger = new OpenAI({ ...address, apiKey: "sk-proj-0123456789abcdef" });
    const error = await create(stranger, "Hello");
    assert.ok(error instanceof OpenAI.AuthenticationError, error);
    assert.equal(error.code, "invalid_api_key");
  });
  await check("a model that the plan does not include", async () => {
    const error = await create(client, "Hello", { model: "gpt-6-astra" });
    assert.ok(error instanceof OpenAI.NotFoundError, error);
    assert.equal(error.code, "model_not_found");
    assert.match(error.message, /gpt-6-astra/);
  });
  await check("a path that is not served", async () => {
    const error = await raised(client.files.list());
    assert.ok(error instanceof OpenAI.NotFoundError, error);
  });
  await check("what the vendor refuses, in its words", async () => {
    const error = await create(client, "refuse 400");
    assert.ok(error instanceof OpenAI.BadRequestError, error);
    assert.deepEqual([error.code, error.param, error.type], ["stub_refuses", "messages", "invalid_request_error"]);
    assert.match(error.message, /The stub does not like this/);
  });
  await check("what the vendor refuses, streamed", async () => {
    const error = await create(client, "refuse 422", streamed);
    assert.ok(error instanceof OpenAI.UnprocessableEntityError, error);
  });
  await check("a 429 that the client gets over", async () => {
    const answer = await client.chat.completions.create(chat("flaky 429"));
    whole(answer.choices[0].message.content);
    return [answer.usage];
  });
  await check("a failure of the vendor", async () => {
    const error = await create(once, "refuse 500");
    assert.ok(error instanceof OpenAI.InternalServerError, error);
  });
  // A vendor that says 429 is left alone for as long as it says, so this comes last.
  await check("the vendor's 429", async () => {
    const error = await create(once, "refuse 429");
    assert.ok(error instanceof OpenAI.RateLimitError, error);
  });
}

async function keyRefused() {
  await check("the vendor refuses the provider key", async () => {
    const error = await raised(client.chat.completions.create(chat("Hello")));
    assert.ok(error instanceof OpenAI.AuthenticationError, error);
    assert.match(error.message, /OpenAI refused the API key/);
  });
}

async function spent() {
  const calls = {
    chat: () => client.chat.completions.create(chat("Hello")),
    "chat, streamed": () => client.chat.completions.create(chat("Hello", streamed)),
    "chat, by the stream helper": () => client.chat.completions.stream(chat("Hello")).finalContent(),
    responses: () => client.responses.create(respond("Hello")),
    "responses, streamed": () => client.responses.create(respond("Hello", { stream: true })),
  };
  for (const [name, call] of Object.entries(calls)) {
    await check(`spent: ${name}`, async () => {
      const error = await raised(call());
      assert.ok(error instanceof OpenAI.APIError, error);
      assert.deepEqual([error.status, error.code, error.type], [402, "insufficient_quota", "insufficient_quota"]);
      isLimit(error.message);
    });
  }
}

async function rate() {
  await check("the first call of the minute", async () => [(await once.chat.completions.create(chat("Hello"))).usage]);
  await check("our own 429", async () => {
    const error = await raised(once.chat.completions.create(chat("Hello")));
    assert.ok(error instanceof OpenAI.RateLimitError, error);
    assert.ok(Number(error.headers.get("retry-after")) > 0);
  });
}

async function left() {
  await check("chat, aborted in the middle", async () => {
    const stream = await once.chat.completions.create(chat("hold", streamed));
    for await (const chunk of stream) {
      if (chatText(chunk)) stream.controller.abort();
    }
  });
  await check("the place is free again", async () => {
    const answer = await untilFree(() => once.chat.completions.create(chat("Hello")));
    return [answer.usage];
  });
  await check("responses, aborted in the middle", async () => {
    const stream = await once.responses.create(respond("hold", { stream: true }));
    for await (const event of stream) {
      if (responseText(event)) break;
    }
  });
  await check("the place is free once more", async () => {
    const answer = await untilFree(() => once.responses.create(respond("Hello")));
    return [answer.usage];
  });
}

async function broken() {
  await check("chat, broken between events", async () => {
    const error = await raisedAfterText(client.chat.completions.create(chat("break", streamed)), chatText);
    assert.ok(error instanceof OpenAI.APIError, error);
    assert.match(error.message, /OpenAI broke the connection/);
  });
  await check("chat, broken within an event", async () => {
    await raisedAfterText(client.chat.completions.create(chat("tear", streamed)), chatText);
  });
  await check("responses, broken between events", async () => {
    const error = await raisedAfterText(client.responses.create(respond("break", { stream: true })), responseText);
    assert.ok(error instanceof OpenAI.APIError, error);
    assert.match(error.message, /OpenAI broke the connection/);
  });
  await check("responses, broken within an event", async () => {
    await raisedAfterText(client.responses.create(respond("tear", { stream: true })), responseText);
  });
  await check("chat, a document broken in the middle", async () => {
    await raised(once.chat.completions.create(chat("break")));
  });
}

await run({ completions, responses, models, embeddings, refusals, keyRefused, spent, rate, left, broken });
