import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readConfig } from "../src/config.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { english } from "../src/language/english.ts";
import { openStoreForReading } from "../src/store/store.ts";
import { endDaemon, linesOf, makeHome, removeHome, startDaemon } from "./daemon.ts";
import type { Figure, Suite } from "./figures.ts";
import { ownCpuMsOf, rssOf, scannerOf, watchMemory } from "./memory.ts";

const FOLDERS = 20;
/** Longer than this nobody waits for rows, or for copies. */
const LIMIT_MS = 20 * 60_000;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Many small files in many folders, copied by another program at full speed: from the last byte to the last row. */
export const intake: Suite = {
  name: "intake",
  async measure({ files, note }) {
    const home = makeHome({});
    const daemon = await startDaemon(home, [here("intake-daemon.ts"), home]);
    try {
      return await measured(home, daemon.pid, files, note);
    } finally {
      await endDaemon(daemon);
      removeHome(home);
    }
  },
};

async function measured(home: string, pid: number, files: number, note: (line: string) => void): Promise<Figure[]> {
  const [{ root, quietMs } = NO_INBOX] = readConfig(home).inboxes;
  const model = join(home, "model.jpg");
  writeFileSync(model, await smallPhoto());
  const scanner = await until("a scanner", () => scannerOf(pid, root));
  const cpuOf = () => ({ daemon: ownCpuMsOf(pid) / 1_000, scanner: ownCpuMsOf(scanner) / 1_000 });
  const peaks = [watchMemory(pid), watchMemory(pid, rssOf), watchMemory(scanner, rssOf)];
  const before = cpuOf();

  const began = Date.now();
  const lastByteAt = await copyInto(root, model, files);
  note(`${files} files were written in ${seconds(lastByteAt - began)} s`);
  const settledAt = await until("the rows", () => settled(home, files));
  const spent = cpuOf();
  const atRows = peaks.map((peak) => peak());
  note(`the last of them was a row ${seconds(settledAt - lastByteAt)} s after the last byte`);
  const untilCopied = [watchMemory(pid), watchMemory(pid, rssOf)];
  const copiedAt = await until("the copies", () => (photosWith("ingest", home) === files ? Date.now() : undefined));
  const atCopies = untilCopied.map((peak) => peak());

  const store = openStoreForReading(join(home, "data"), english());
  const sets = store.sets.all().length;
  const photos = store.sets.photoIds().size;
  store.close();
  return [
    { ...figure("rows", photos, "photos"), goal: files, better: "higher" },
    figure("sets", sets, `of ${FOLDERS} folders`),
    figure("write", (lastByteAt - began) / 1_000, "s, by another process"),
    { ...figure("settled", (settledAt - lastByteAt - quietMs.local) / 1_000, "s after the quiet time"), goal: 5 },
    { ...figure("memory", atRows[0] ?? 0, "MB PSS, peak, all processes"), goal: 300 },
    figure("daemon-memory", atRows[1] ?? 0, "MB RSS, peak"),
    figure("scanner-memory", atRows[2] ?? 0, "MB RSS, peak"),
    figure("daemon-cpu", spent.daemon - before.daemon, "s"),
    figure("scanner-cpu", spent.scanner - before.scanner, "s"),
    figure("copied", (copiedAt - lastByteAt) / 1_000, "s from the last byte to the last copy"),
    { ...figure("copying-memory", atCopies[0] ?? 0, "MB PSS, peak, all processes"), goal: 300 },
    figure("copying-daemon-memory", atCopies[1] ?? 0, "MB RSS, peak"),
  ];
}

const NO_INBOX = { root: "", quietMs: { local: 0 } };
const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
const figure = (name: string, value: number, unit: string): Figure => ({
  name: `intake.${name}`,
  value,
  unit,
  goal: null,
  better: "lower",
});

/** Four kilobytes; what a photo shows is nothing to the intake. */
async function smallPhoto(): Promise<Buffer> {
  const noise = { type: "gaussian" as const, mean: 128, sigma: 30 };
  return sharp({ create: { width: 96, height: 72, channels: 3, background: "grey", noise } })
    .jpeg({ quality: 80 })
    .toBuffer();
}

/** @returns when the last byte was written, ms since the epoch */
async function copyInto(inbox: string, model: string, files: number): Promise<number> {
  const args = [here("copying.ts"), model, inbox, String(FOLDERS), String(files)];
  const program = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  return Number(await text(program.stdout));
}

/** @returns when the last photo became a row, by the daemon's own log; undefined while some are missing */
function settled(home: string, files: number): number | undefined {
  const lines = linesOf(home).filter(({ msg }) => msg === "set.opened" || msg === "set.joined");
  const photos = new Map(lines.map((line) => [line.set, line.photos ?? 0]));
  const rows = [...photos.values()].reduce((sum, one) => sum + one, 0);
  return rows < files ? undefined : Math.max(...lines.map(({ time }) => Date.parse(time)));
}

/** How many photos have the facts of a stage. */
function photosWith(stage: "ingest", home: string): number {
  const store = openStoreForReading(join(home, "data"), english());
  try {
    return store.sets.all().reduce((sum, { id }) => sum + (store.sets.counts(id).stages[stage] ?? 0), 0);
  } finally {
    store.close();
  }
}

async function until<T>(what: string, read: () => T | undefined): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  while (performance.now() < end) {
    const value = read();
    if (value !== undefined) return value;
    await sleep(500);
  }
  throw new Error(`${what} did not come within ${LIMIT_MS / 60_000} min`);
}
