// The official client of Google Gemini.
import assert from "node:assert/strict";
import { ApiError, GoogleGenAI } from "@google/genai";
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

const MODEL = "gemini-3-flash-preview";
const httpOptions = { baseUrl: `${base}/google` };
const { models: client, chats } = new GoogleGenAI({ apiKey: key, httpOptions });
const stranger = new GoogleGenAI({ apiKey: "AIza0123456789abcdef0123456789", httpOptions }).models;

const ask = (words, config) => ({ model: MODEL, contents: words, config });
const text = (chunk) => chunk.text;

const parametersJsonSchema = { type: "object", properties: { place: { type: "string" } }, required: ["place"] };
const tools = [{ functionDeclarations: [{ name: "get_tide", description: "Tides", parametersJsonSchema }] }];

/** Its errors are told apart by their status alone. */
function is(error, status, words) {
  assert.ok(error instanceof ApiError, error);
  assert.equal(error.status, status, error);
  const told = JSON.parse(error.message).error;
  assert.equal(told.code, status);
  assert.match(told.message, words);
  return told;
}

async function generate() {
  await check("generateContent", async () => {
    const answer = await client.generateContent(ask("Hello"));
    whole(answer.text);
    return [answer.usageMetadata];
  });
  await check("generateContent, streamed", async () => {
    const stream = await client.generateContentStream(ask("hold"));
    const { events, released } = await readHeld(stream, text, () => client.generateContent(ask("release")));
    assert.ok(events.length > 3, "in pieces");
    return [released.usageMetadata, events.at(-1).usageMetadata];
  });
  await check("generateContent, a tool call and its result", async () => {
    const question = { role: "user", parts: [{ text: "How is the tide?" }] };
    const first = await client.generateContent({ model: MODEL, contents: [question], config: { tools } });
    const [call] = first.functionCalls;
    asked(call.args);
    const result = { role: "user", parts: [{ functionResponse: { name: call.name, response: { tide: "low" } } }] };
    const contents = [question, first.candidates[0].content, result];
    const second = await client.generateContent({ model: MODEL, contents, config: { tools } });
    whole(second.text, 3);
    return [first.usageMetadata, second.usageMetadata];
  });
  await check("generateContent, a tool call streamed", async () => {
    const [calls, usage] = [[], []];
    for await (const chunk of await client.generateContentStream(ask("How is the tide?", { tools }))) {
      calls.push(...(chunk.functionCalls ?? []));
      usage.push(chunk.usageMetadata);
    }
    asked(calls[0].args);
    return [usage.at(-1)];
  });
  await check("a chat of several turns", async () => {
    const chat = chats.create({ model: MODEL, config: { systemInstruction: "You are a crab." } });
    const usage = [];
    for (const [at, message] of ["One", "Two", "Three"].entries()) {
      const answer = await chat.sendMessage({ message });
      whole(answer.text, 2 * at + 1);
      usage.push(answer.usageMetadata);
    }
    return usage;
  });
}

async function models() {
  await check("models", async () => {
    const names = [];
    for await (const model of await client.list()) names.push(model.name);
    assert.ok(names.includes(`models/${MODEL}`), String(names));
  });
}

async function tokens() {
  await check("countTokens", async () => {
    assert.equal((await client.countTokens({ model: MODEL, contents: "Hello" })).totalTokens, 31);
  });
}

async function refusals() {
  await check("a wrong key", async () => {
    is(await raised(stranger.generateContent(ask("Hello"))), 401, /key/);
  });
  await check("a model that the plan does not include", async () => {
    const error = await raised(client.generateContent({ ...ask("Hello"), model: "gemini-3-pro-preview" }));
    assert.equal(is(error, 404, /gemini-3-pro-preview/).status, "NOT_FOUND");
  });
  await check("a path that is not served", async () => {
    is(await raised(client.embedContent({ model: MODEL, contents: "Hello" })), 404, /path/);
  });
  await check("what the vendor refuses, in its words", async () => {
    is(await raised(client.generateContent(ask("refuse 400"))), 400, /The stub does not like this/);
  });
  await check("what the vendor refuses, streamed", async () => {
    is(await raised(client.generateContentStream(ask("refuse 422"))), 422, /The stub does not like this/);
  });
  await check("a 429 that the client gets over", async () => {
    const retryOptions = { attempts: 3, initialDelay: 0.2 };
    const patient = new GoogleGenAI({ apiKey: key, httpOptions: { ...httpOptions, retryOptions } }).models;
    const answer = await patient.generateContent(ask("flaky 429"));
    whole(answer.text);
    return [answer.usageMetadata];
  });
  await check("a failure of the vendor", async () => {
    is(await raised(client.generateContent(ask("refuse 500"))), 500, /stub/);
  });
  // A vendor that says 429 is left alone for as long as it says, so this comes last.
  await check("the vendor's 429", async () => {
    assert.equal(is(await raised(client.generateContent(ask("refuse 429"))), 429, /stub/).status, "RESOURCE_EXHAUSTED");
  });
}

async function keyRefused() {
  await check("the vendor refuses the provider key", async () => {
    is(await raised(client.generateContent(ask("Hello"))), 401, /Google Gemini refused the API key/);
  });
}

async function spent() {
  const retryOptions = { attempts: 3, initialDelay: 0.1 };
  const patient = new GoogleGenAI({ apiKey: key, httpOptions: { ...httpOptions, retryOptions } }).models;
  const calls = {
    generateContent: () => patient.generateContent(ask("Hello")),
    "generateContent, streamed": () => patient.generateContentStream(ask("Hello")),
  };
  for (const [name, call] of Object.entries(calls)) {
    await check(`spent: ${name}`, async () => {
      const told = is(await raised(call()), 402, /used up/);
      assert.equal(told.status, "FAILED_PRECONDITION");
      isLimit(told.message);
    });
  }
}

async function rate() {
  await check("the first call of the minute", async () => [(await client.generateContent(ask("Hello"))).usageMetadata]);
  await check("our own 429", async () => {
    assert.equal(is(await raised(client.generateContent(ask("Hello"))), 429, /limit/).status, "RESOURCE_EXHAUSTED");
  });
}

async function left() {
  await check("generateContent, aborted in the middle", async () => {
    const leaving = new AbortController();
    const stream = await client.generateContentStream(ask("hold", { abortSignal: leaving.signal }));
    const reading = async () => {
      for await (const chunk of stream) {
        if (text(chunk)) leaving.abort();
      }
    };
    assert.equal((await raised(reading())).name, "AbortError");
  });
  await check("the place is free again", async () => {
    const answer = await untilFree(() => client.generateContent(ask("Hello")));
    return [answer.usageMetadata];
  });
}

async function broken() {
  await check("generateContent, broken between events", async () => {
    const error = await raisedAfterText(client.generateContentStream(ask("break")), text);
    assert.ok(error instanceof ApiError, error);
    assert.match(error.message, /Google Gemini broke the connection/);
  });
  await check("generateContent, broken within an event", async () => {
    await raisedAfterText(client.generateContentStream(ask("tear")), text);
  });
  await check("generateContent, a document broken in the middle", async () => {
    await raised(client.generateContent(ask("break")));
  });
}

await run({ generate, models, tokens, refusals, keyRefused, spent, rate, left, broken });
