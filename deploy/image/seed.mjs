// Runs inside the image at build: makes the state which a new instance starts from, in /home/node/seed.
//
// Why: OpenClaw gives some plugins (Discord) their store only when the *state database* holds an official npm install
// record for the directory they were loaded from. `openclaw plugins install` would write it, and 70 MB of packages, into
// every tenant's volume. Here the packages stay in the image and the record points at them: same name, version and
// integrity as npm's own lock file says, which is what was installed.
// The seed holds the schema, the plugin index and nothing that identifies an instance (checked below).
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const ROOT = "/opt/openclaw";
const PLUGINS = ["discord", "whatsapp"];
const KEY = "plugins.installedIndex";
const STATE = process.env.OPENCLAW_STATE_DIR;
const DATABASE = `${STATE}/state/openclaw.sqlite`;

const openclaw = (...args) =>
  execFileSync("node", [`${ROOT}/node_modules/openclaw/openclaw.mjs`, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

const installRecord = (lock, id) => {
  const name = `@openclaw/${id}`;
  const entry = lock.packages[`node_modules/${name}`];
  const at = new Date().toISOString();
  return {
    source: "npm", spec: `${name}@${entry.version}`, installPath: `${ROOT}/node_modules/${name}`, version: entry.version,
    resolvedName: name, resolvedVersion: entry.version, resolvedSpec: `${name}@${entry.version}`, integrity: entry.integrity,
    resolvedAt: at, installedAt: at,
  };
};

const recordPlugins = () => {
  const lock = JSON.parse(readFileSync(`${ROOT}/package-lock.json`, "utf8"));
  const db = new DatabaseSync(DATABASE);
  const row = db.prepare("SELECT value_json FROM config_machine_state WHERE state_key = ?").get(KEY);
  const value = JSON.parse(row.value_json);
  value.index.installRecords = Object.fromEntries(PLUGINS.map((id) => [id, installRecord(lock, id)]));
  db.prepare("UPDATE config_machine_state SET value_json = ? WHERE state_key = ?").run(JSON.stringify(value), KEY);
  db.close();
};

const refuseIdentity = (db) => {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  const filled = tables.map((t) => t.name).filter((t) => db.prepare(`SELECT count(*) AS n FROM "${t}"`).get().n > 0);
  const strange = filled.filter((t) => !["config_machine_state", "schema_meta"].includes(t));
  if (strange.length) throw new Error(`the seed would copy rows of ${strange.join(", ")} into every instance`);
};

mkdirSync(STATE, { recursive: true });
writeFileSync(process.env.OPENCLAW_CONFIG_PATH, JSON.stringify({ gateway: { mode: "local" } }), { mode: 0o600 });
openclaw("plugins", "registry", "--refresh");
recordPlugins();
openclaw("plugins", "registry", "--refresh");
const db = new DatabaseSync(DATABASE);
// Notes about this build's own config file; a Gateway writes its own.
for (const table of ["diagnostic_events", "config_health_entries"]) db.exec(`DELETE FROM ${table}`);
refuseIdentity(db);
mkdirSync("/home/node/seed/state", { recursive: true, mode: 0o700 });
db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
db.exec("VACUUM INTO '/home/node/seed/state/openclaw.sqlite'");
db.close();
console.error("seed: written");
