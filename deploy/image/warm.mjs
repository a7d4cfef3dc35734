// Runs inside the image at build, without a network: boots the Gateway once with everything the lean configuration can
// switch on, lets it answer one turn per model API, stops it cleanly. V8 writes its compile cache when a process ends
// well, and what a turn compiled lazily is then in the cache too. Fails when any turn fails, so it is also the
// proof that nothing needed was pruned.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { lean } from "./lean.mjs";
import { serve } from "./stub.mjs";

const TOKEN = "warm-up-only";
const HERE = "http://127.0.0.1:18789";
const bearer = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

const boot = async (stub) => {
  const url = `http://127.0.0.1:${stub.port}`;
  const config = lean({
    llm: url,
    telegram: url,
    auth: { auth: { mode: "token", token: TOKEN } },
    gateway: { controlUi: { enabled: true }, http: { endpoints: { chatCompletions: { enabled: true } } } },
    plugins: ["whatsapp", "discord"],
    channels: {
      whatsapp: { enabled: true, dmPolicy: "open", allowFrom: ["*"] },
      discord: { enabled: true, token: "MTAwMDAwMDAwMDAwMDAwMDAwMA.stub.stub", dmPolicy: "open", allowFrom: ["*"] },
    },
  });
  writeFileSync(process.env.OPENCLAW_CONFIG_PATH, JSON.stringify(config), { mode: 0o600 });
  const child = spawn("/usr/local/bin/creel-entrypoint", { stdio: ["ignore", "inherit", "inherit"] });
  const exited = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
  return { child, exited };
};

const ready = async (exited) => {
  let gone = null;
  exited.then((how) => (gone = how));
  for (let i = 0; i < 1200; i++) {
    if (gone) throw new Error(`the Gateway stopped: ${JSON.stringify(gone)}`);
    const ok = await fetch(`${HERE}/readyz`).then((r) => r.ok, () => false);
    if (ok) return;
    await new Promise((r) => setTimeout(r, 200));
  }
  throw new Error("the Gateway was not ready within four minutes");
};

const turn = async (provider, said) => {
  const answer = await fetch(`${HERE}/v1/chat/completions`, {
    method: "POST",
    headers: { ...bearer, "x-openclaw-model": `${provider}/stub` },
    body: JSON.stringify({ model: "openclaw", messages: [{ role: "user", content: "Hello" }] }),
  });
  const text = await answer.text();
  if (!text.includes(said)) throw new Error(`${provider}: no answer: ${answer.status} ${text.slice(0, 500)}`);
  console.error(`warm-up: a turn over ${provider} was answered`);
};

const stub = await serve("127.0.0.1", 0);
const { child, exited } = await boot(stub);
await ready(exited);
for (const provider of ["creel", "creel-responses", "creel-messages"]) await turn(provider, stub.said);
const rpc = await fetch(`${HERE}/api/v1/admin/rpc`, { method: "POST", headers: bearer, body: JSON.stringify({ method: "channels.status", params: {} }) });
const status = await rpc.json();
if (!status.ok) throw new Error(`admin RPC: ${JSON.stringify(status).slice(0, 500)}`);
// Without the seed's install record Discord refuses to start at all; with it, it only misses the network.
const refused = JSON.stringify(status.payload.channels).match(/[^"]*trusted plugins[^"]*/);
if (refused) throw new Error(refused[0]);
for (const channel of ["telegram", "whatsapp", "discord"]) {
  if (!status.payload.channels[channel]) throw new Error(`${channel} is not loaded`);
  console.error(`warm-up: ${channel}: ${JSON.stringify(status.payload.channels[channel].lastError ?? null)}`);
}
if (!stub.seen.includes("getUpdates")) throw new Error("Telegram never polled");
if (!(await fetch(`${HERE}/`)).ok) throw new Error("the Control UI is not served");
child.kill("SIGTERM");
const how = await exited;
if (how.code !== 0) throw new Error(`the Gateway did not stop cleanly: ${JSON.stringify(how)}`);
console.error("warm-up: stopped cleanly");
process.exit(0);
