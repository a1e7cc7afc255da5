import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLease } from "../../src/store/lease.ts";

let folder: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-lease-"));
  path = join(folder, "lease.db");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Another process that takes the lease and keeps it until it is killed. */
async function holder(): Promise<ChildProcess> {
  const lease = new URL("../../src/store/lease.ts", import.meta.url).href;
  const script = `import { takeLease } from "${lease}";
    const lease = takeLease(${JSON.stringify(path)});
    process.send(lease !== undefined);
    setInterval(() => lease, 60_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.push(child);
  const got = await new Promise((resolve) => child.once("message", resolve));
  expect(got).toBe(true);
  return child;
}

test("a second process is refused at once, and gets the lease as soon as the first is killed", async () => {
  const first = await holder();
  const asked = performance.now();
  expect(takeLease(path)).toBeUndefined();
  expect(performance.now() - asked).toBeLessThan(1_000);

  const gone = new Promise((resolve) => first.once("exit", resolve));
  first.kill("SIGKILL");
  await gone;
  const lease = takeLease(path);
  expect(lease).toBeDefined();
  lease?.release();
});

test("a lease that was given back can be taken again, once", () => {
  const first = takeLease(path);
  expect(takeLease(path)).toBeUndefined();
  first?.release();
  const second = takeLease(path);
  expect(second).toBeDefined();
  expect(takeLease(path)).toBeUndefined();
  second?.release();
});

test("a folder that is not there is no answer to who has the lease", () => {
  expect(() => takeLease(join(folder, "missing", "lease.db"))).toThrow();
});
