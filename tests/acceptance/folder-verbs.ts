import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Ran } from "./home.ts";

const CLI = join(import.meta.dirname, "../../dist/cli.js");
const run = promisify(execFile);

/** A folder of photos that is in no inbox, and the built command line beside it. */
export interface Folder {
  readonly path: string;
  /** of the command line; there is nothing in it */
  readonly home: string;
  cli(args: readonly string[], wrapper?: readonly string[]): Promise<Ran>;
  /** sha256 of every file by its path, but for manifests */
  hashes(): Record<string, string>;
  dispose(): void;
}

export function makeFolder(): Folder {
  const home = mkdtempSync(join(tmpdir(), "photogate none "));
  const path = mkdtempSync(join(tmpdir(), "photos of mine "));
  return {
    path,
    home,
    async cli(args, wrapper = []) {
      const [command = "", ...rest] = [...wrapper, process.execPath, CLI, ...args, "--home", home];
      return run(command, rest).then(
        ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
        (failure) => ({ code: failure.code, out: failure.stdout, err: failure.stderr }),
      );
    },
    hashes: () =>
      Object.fromEntries(
        readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.endsWith(".jsonl"))
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
          .map((file) => [file.slice(path.length + 1), createHash("sha256").update(readFileSync(file)).digest("hex")]),
      ),
    dispose() {
      for (const folder of [home, path]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
