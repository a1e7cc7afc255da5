// `npm start` and `npm run photogate -- VERB`: sets up what is missing, then runs the command line with our own Node.js.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, node, ROOT } from "./setup.mjs";

ensureInstalled();
ensureBuilt();

const child = spawn(node(), [join(ROOT, "dist", "cli.js"), ...process.argv.slice(2)], { stdio: "inherit" });

// Ctrl+C reaches the whole group of a terminal by itself; sent twice it would cut the daemon's grace short.
process.on("SIGINT", () => {
  if (!process.stdin.isTTY) child.kill("SIGINT");
});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

// npm hands a SIGTERM to the shell between us, which dies of it without a word: all we see is another parent.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  child.kill("SIGTERM");
}, 250);

child.on("exit", (code, signal) => {
  clearInterval(watch);
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
});
