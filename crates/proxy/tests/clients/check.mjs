// What the clients' scripts share. Each check is one line of JSON on stdout; whoever started the script judges it.
import assert from "node:assert/strict";

/** Where the proxy listens for this instance: `http://…/llm`. */
export const base = process.env.CREEL_BASE;
export const key = process.env.CREEL_KEY;

/** Longest check. A client that hangs is a finding, not a reason to wait. */
const PATIENCE_MS = 20_000;

// The clients call the global fetch. Counted here, what they try again by themselves is seen.
const fetch = globalThis.fetch;
let requests = 0;
globalThis.fetch = (...request) => {
  requests += 1;
  return fetch(...request);
};

/** Runs a check. It returns the usage that the client reported, one object per answered call. */
export async function check(name, body) {
  const before = requests;
  const line = { check: name };
  try {
    line.usage = await within(PATIENCE_MS, body());
  } catch (error) {
    line.error = error?.stack ?? String(error);
  }
  line.requests = requests - before;
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function within(milliseconds, promise) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("it hangs")), milliseconds).unref();
  });
  return Promise.race([promise, late]);
}

/** What this raises. */
export async function raised(promise) {
  const outcome = await promise.then(
    () => undefined,
    (error) => error,
  );
  assert.ok(outcome, "nothing was raised");
  return outcome;
}

/** What reading this stream to its end raises, after some of it has arrived. */
export async function raisedAfterText(stream, text) {
  let seen = "";
  const error = await raised(
    (async () => {
      for await (const event of await stream) {
        seen += text(event) ?? "";
      }
    })(),
  );
  assert.ok(seen.length > 0, `nothing arrived before ${error}`);
  return error;
}

/** Reads a held stream: the first text is there before the vendor made the last, because `release` is only said in between. */
export async function readHeld(stream, text, release) {
  const events = [];
  let [all, released] = ["", undefined];
  for await (const event of stream) {
    events.push(event);
    all += text(event) ?? "";
    if (all && !released) {
      released = await release();
    }
  }
  assert.ok(released, "nothing arrived before the end");
  whole(all);
  return { events, released };
}

/** That this is a text of the stub's, whole, with its characters in one piece. */
export function whole(text, entries = 1) {
  assert.equal(text, `${entries} entries read. Ebbe um vier Uhr 🦀, sagt Ærø.`);
}

/** That these are the arguments of the stub's tool call. */
export function asked(args) {
  assert.deepEqual(typeof args === "string" ? JSON.parse(args) : args, { place: "Ærøskøbing" });
}

/** That a limit speaks here, in words that a person understands. */
export function isLimit(message) {
  assert.match(message, /limit .* is used up/);
  assert.match(message, /resets on 2026-12-01/);
}

/** Calls until a place is free again, and says how often it was not. */
export async function untilFree(call) {
  for (let refused = 0; ; refused += 1) {
    try {
      return await call();
    } catch (error) {
      if (error.status !== 429 || refused > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Runs the topic that the command line names. */
export async function run(topics) {
  await topics[process.argv[2]]();
  process.exit(0);
}
