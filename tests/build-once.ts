import { execFileSync } from "node:child_process";

/** The suites that run the built daemon must not run yesterday's. */
export default function buildOnce(): void {
  execFileSync(process.execPath, ["-e", 'import("./scripts/setup.mjs").then(({ ensureBuilt }) => ensureBuilt())'], {
    stdio: "inherit",
  });
}
