// Runs on any Node.js >= 20, before anything is installed: no dependencies, no TypeScript.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const IS_WINDOWS = process.platform === "win32";

/** Our own Node.js, once installed; the one that runs this script until then. */
export const node = () => {
  const own = join(ROOT, "node_modules", "node", "bin", IS_WINDOWS ? "node.exe" : "node");
  return existsSync(own) ? own : process.execPath;
};

export const say = (line) => process.stderr.write(`${line}\n`);

/** The environment without what would make npm leave the tools out, or onnxruntime-node fetch hundreds of megabytes for a GPU. */
export function cleanEnvironment() {
  const { NODE_ENV: _, npm_config_production: __, npm_config_omit: ___, ...rest } = process.env;
  return { ...rest, ONNXRUNTIME_NODE_INSTALL: "skip" };
}

/** Runs a step to its end; its output goes to stderr, so that stdout stays the program's own. */
export function step(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env: cleanEnvironment(),
    stdio: ["ignore", 2, 2],
    shell: IS_WINDOWS && command === "npm",
    ...options,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    say(`${command} ${args.join(" ")} ended with ${result.signal ?? `code ${result.status}`}.`);
    process.exit(result.status ?? 1);
  }
}

export function ensureInstalled() {
  const wanted = hashOf(["package-lock.json", "package.json"]);
  const stamp = join(ROOT, "node_modules", ".photogate-installed");
  if (readIf(stamp) === wanted) return;
  say("Installing what Photogate needs (once; about half a minute) …");
  step("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"]);
  writeFileSync(stamp, wanted);
}

export function ensureBuilt() {
  const wanted = hashOf([
    ...filesBelow("src"),
    "tsconfig.json",
    "tsconfig.build.json",
    "package-lock.json",
    "scripts/build.mjs",
  ]);
  const stamp = join(ROOT, "dist", ".photogate-built");
  if (readIf(stamp) === wanted) return;
  say("Building …");
  step(node(), [join(ROOT, "scripts", "build.mjs")]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

function filesBelow(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1))
    .sort();
}

const readIf = (file) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
