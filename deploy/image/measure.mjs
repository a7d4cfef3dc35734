// See measure.sh. Every run starts from a fresh volume, as a new instance does; run N+1 of `--same-volume` is a restart.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync, chownSync, chmodSync, rmSync, readFileSync } from "node:fs";
import { tmpdir, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lean } from "./lean.mjs";
import { serve } from "./stub.mjs";

const { values: opt } = parseArgs({
  options: {
    tag: { type: "string", default: "creel/openclaw:2026.9.6" },
    runs: { type: "string", default: "3" },
    cpus: { type: "string", default: "2" },
    memory: { type: "string", default: "2g" },
    set: { type: "string" },
    env: { type: "string", multiple: true, default: [] },
    "no-cache": { type: "boolean", default: false },
    "same-volume": { type: "boolean", default: false },
    "no-telegram": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const docker = (...args) => execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
const quietly = (...args) => { try { return docker(...args); } catch { return ""; } };
const name = `creel-measure-${process.pid}`;
const third = (process.pid % 250) + 1;
const gateway = `10.250.${third}.1`;
const address = `10.250.${third}.2`;
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const headers = {
  "x-forwarded-user": "creel@control", "x-forwarded-proto": "http", "x-forwarded-host": "measure", "x-forwarded-for": "203.0.113.1",
};

const merge = (into, from) => {
  for (const [k, v] of Object.entries(from)) {
    into[k] = v && typeof v === "object" && !Array.isArray(v) && typeof into[k] === "object" ? merge(into[k], v) : v;
  }
  return into;
};

const until = async (path, deadline) => {
  for (;;) {
    const ok = await fetch(`http://${address}:18789${path}`, { headers, signal: AbortSignal.timeout(2000) }).then((r) => r.ok, () => false);
    if (ok) return performance.now();
    if (performance.now() > deadline || !quietly("ps", "-q", "--filter", `name=${name}`)) {
      throw new Error(`no answer from ${path}\n${quietly("logs", "--tail", "30", name)}`);
    }
    await sleep(20);
  }
};

// One operator connection; `turn` resolves when the agent's final message arrived.
const operator = async () => {
  const socket = new WebSocket(`ws://${address}:18789/`, { headers });
  const waiting = new Map();
  let onEvent = () => {};
  let id = 0;
  const call = (method, params) =>
    new Promise((resolve, reject) => {
      waiting.set(String(++id), { resolve, reject });
      socket.send(JSON.stringify({ type: "req", id: String(id), method, params }));
    });
  const challenged = new Promise((resolve, reject) => {
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.event === "connect.challenge") return resolve();
      if (frame.type !== "res") return onEvent(frame);
      const { resolve: done, reject: failed } = waiting.get(frame.id);
      frame.ok ? done(frame.payload) : failed(new Error(JSON.stringify(frame.error)));
    };
    socket.onerror = (e) => reject(new Error(`WebSocket: ${e.message}`));
  });
  await challenged;
  await call("connect", {
    minProtocol: 4, maxProtocol: 4, role: "operator", scopes: ["operator.admin"], caps: [],
    client: { id: "cli", version: "1.0.0", platform: "linux", mode: "cli" },
  });
  const turn = async (text) => {
    const from = performance.now();
    const key = `measure-${Math.random()}`;
    const final = new Promise((resolve, reject) => {
      onEvent = ({ event, payload }) => {
        if (event !== "chat" || payload.runId !== key) return;
        if (payload.state === "final") resolve();
        if (payload.state === "error") reject(new Error(JSON.stringify(payload)));
      };
      setTimeout(() => reject(new Error("no answer within two minutes")), 120000).unref();
    });
    await call("chat.send", { sessionKey: "main", message: text, idempotencyKey: key });
    await final;
    return performance.now() - from;
  };
  return { turn, close: () => socket.close() };
};

// Counters of the container's cgroup, version 1 or 2. CPU seconds tell more than wall time on a shared box.
const counter = (v1, v2, read) => {
  const id = docker("inspect", "--format", "{{.Id}}", name);
  for (const file of [`/sys/fs/cgroup/${v1[0]}/docker/${id}/${v1[1]}`, `/sys/fs/cgroup/system.slice/docker-${id}.scope/${v2}`]) {
    try {
      return read(readFileSync(file, "utf8"));
    } catch { /* the other cgroup version */ }
  }
  return NaN;
};
const field = (text, names) => Number(text.split("\n").map((l) => l.split(" ")).find(([k]) => names.includes(k))[1]);
const memoryMb = () => Math.round(counter(["memory", "memory.stat"], "memory.stat", (t) => field(t, ["total_rss", "anon"])) / 1e6);
const cpuSeconds = () =>
  counter(["cpuacct", "cpuacct.usage"], "cpu.stat", (t) => (t.includes("usage_usec") ? field(t, ["usage_usec"]) / 1e6 : Number(t) / 1e9));

const run = async (config, secrets) => {
  if (!opt["same-volume"]) quietly("volume", "rm", name);
  writeFileSync(join(secrets, "openclaw.json"), JSON.stringify(config));
  chmodSync(join(secrets, "openclaw.json"), 0o444);
  const env = [...opt.env, ...(opt["no-cache"] ? ["NODE_DISABLE_COMPILE_CACHE=1"] : [])].flatMap((e) => ["-e", e]);
  docker(
    "create", "--name", name, "--init", "--hostname", "openclaw", "--user", "1000:1000", "--cap-drop", "ALL",
    "--security-opt", "no-new-privileges", "--read-only", "--tmpfs", "/tmp:rw,nosuid,nodev,size=256m", "--pids-limit", "512",
    "--memory", opt.memory, "--memory-swap", opt.memory, "--cpus", opt.cpus, "--network", name, "--ip", address,
    "-v", `${name}:/home/node/.openclaw`, "-v", `${secrets}:/run/creel:ro`, ...env, opt.tag,
  );
  const from = performance.now();
  docker("start", name);
  const figures = { load: loadavg()[0].toFixed(1) };
  figures.live_s = ((await until("/healthz", from + 240000)) - from) / 1000;
  figures.ready_s = ((await until("/readyz", from + 240000)) - from) / 1000;
  figures.ready_cpu_s = cpuSeconds();
  figures.ready_mb = memoryMb();
  const chat = await operator();
  figures.turn1_s = (await chat.turn("Hello")) / 1000;
  figures.turn2_s = (await chat.turn("Hello again")) / 1000;
  figures.turned_cpu_s = cpuSeconds();
  figures.turned_mb = memoryMb();
  chat.close();
  const stopping = performance.now();
  docker("stop", "-t", "60", name);
  figures.stop_s = (performance.now() - stopping) / 1000;
  figures.exit = docker("inspect", "--format", "{{.State.ExitCode}}", name);
  docker("rm", name);
  return figures;
};

const stub = await (async () => {
  docker("network", "create", "--subnet", `10.250.${third}.0/29`, "--gateway", gateway, name);
  return serve(gateway, 0);
})();
const secrets = mkdtempSync(join(tmpdir(), "creel-measure-"));
chmodSync(secrets, 0o755);
for (const [file, content] of [["instance_key", "stub"], ["telegram_token", "1000000:stub"]]) {
  writeFileSync(join(secrets, file), content, { mode: 0o400 });
  chownSync(join(secrets, file), 1000, 1000);
}
const url = `http://${gateway}:${stub.port}`;
const config = lean({
  llm: url,
  telegram: opt["no-telegram"] ? undefined : url,
  auth: {
    trustedProxies: [gateway],
    auth: {
      mode: "trusted-proxy",
      identityScopes: { "creel@control": ["operator.admin"] },
      trustedProxy: {
        userHeader: "x-forwarded-user", requiredHeaders: ["x-forwarded-proto", "x-forwarded-host"], allowUsers: ["creel@control"],
        deviceAutoApprove: { enabled: true, scopes: ["operator.admin"] },
      },
    },
  },
});
if (opt.set) merge(config, JSON.parse(readFileSync(opt.set, "utf8")));
try {
  const size = Number(docker("image", "inspect", "--format", "{{.Size}}", opt.tag));
  console.log(`${opt.tag}: ${Math.round(size / 1e6)} MB; ${opt.cpus} CPU, ${opt.memory}, ${opt.runs} runs`);
  const rows = [];
  for (let i = 0; i < Number(opt.runs); i++) {
    const row = await run(config, secrets);
    rows.push(row);
    console.log(Object.entries(row).map(([k, v]) => `${k} ${typeof v === "number" ? Math.round(v * 100) / 100 : v}`).join("  "));
  }
  const median = (k) => rows.map((r) => r[k]).sort((a, b) => a - b)[Math.floor(rows.length / 2)];
  console.log(`median: start to /readyz ${median("ready_s").toFixed(1)} s (${median("ready_cpu_s").toFixed(1)} CPU s), first turn ${median("turn1_s").toFixed(1)} s, ${median("ready_mb")} MB ready, ${median("turned_mb")} MB after two turns`);
} finally {
  quietly("rm", "-f", name);
  quietly("volume", "rm", name);
  quietly("network", "rm", name);
  rmSync(secrets, { recursive: true, force: true });
}
process.exit(0);
