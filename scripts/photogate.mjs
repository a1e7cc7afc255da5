// `npm start` and `npm run photogate -- VERB`: sets up what is missing, then runs the command line with our own Node.js.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, node, ROOT } from "./setup.mjs";

ensureInstalled();
ensureBuilt();

const child = spawn(node(), [join(ROOT, "dist", "cli.js"), ...process.argv.slice(2)], { stdio: "inherit" });
// Ctrl+C reaches the whole group by itself; a SIGTERM to npm or to us must be handed on.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
process.on("SIGINT", () => {
  if (!process.stdin.isTTY) child.kill("SIGINT");
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
});
