/**
 * The built daemon with a charge in it: it kills itself when it comes past a given place for the n-th time. Its modules are
 * those of the build; only the seams are ours.
 *
 *     node tests/chaos/boundary-daemon.ts --build DIR --home DIR [--at look.before-commit --nth 2] [--group] [--linkless] [--variant V]
 */
import { promises } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Seams } from "../../src/daemon.ts";
import { done, type PhotoStage, type SetStage, type Stage } from "../../src/domain/stage.ts";
import { hashFile } from "../../src/files.ts";
import type { Store } from "../../src/store/store.ts";
import { FILE_CALLS } from "./boundaries.ts";

const { values } = parseArgs({
  options: {
    build: { type: "string", default: "." },
    home: { type: "string", default: "" },
    at: { type: "string", default: "nowhere" },
    nth: { type: "string", default: "1" },
    group: { type: "boolean", default: false },
    linkless: { type: "boolean", default: false },
    variant: { type: "string" },
  },
});

let left = Number(values.nth);
function pass(place: string): void {
  if (place !== values.at) return;
  left -= 1;
  if (left === 0) process.kill(values.group ? -process.pid : process.pid, "SIGKILL");
}

function around<A extends unknown[], R>(place: string, call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    pass(`${place}.before`);
    const result = call(...args);
    pass(`${place}.after`);
    return result;
  };
}

function chargeFiles(): void {
  const files: object = promises;
  for (const call of FILE_CALLS) {
    const real: (...args: unknown[]) => Promise<unknown> = Reflect.get(files, call);
    Reflect.set(files, call, async (...args: unknown[]) => {
      pass(`files.${call}.before`);
      if (values.linkless && call === "link") throw Object.assign(new Error("no links here"), { code: "EPERM" });
      const result = await real(...args);
      pass(`files.${call}.after`);
      return result;
    });
  }
  // Whoever imported them by name sees the charged ones too.
  syncBuiltinESMExports();
}

function chargeSql(): void {
  const Sqlite: new (path: string) => { prepare(sql: string): object } = createRequire(
    join(values.build, "dist", "cli.js"),
  )("better-sqlite3");
  const statement: object = Object.getPrototypeOf(new Sqlite(":memory:").prepare("select 1"));
  // What prepares the databases: the lease first, then the schema, then the catalogue's table.
  chargeMethod(Sqlite.prototype, "exec", "sql.exec");
  // Every single change, in the middle of transactions too.
  chargeMethod(statement, "run", "sql.run");
}

function chargeMethod(of: object, method: string, place: string): void {
  const real: (...args: unknown[]) => unknown = Reflect.get(of, method);
  Reflect.set(of, method, function (this: unknown, ...args: unknown[]) {
    return around(place, () => real.apply(this, args))();
  });
}

function chargedStage(stage: Stage): Stage {
  switch (stage.kind) {
    case "gate":
      return stage;
    case "photo":
      return chargedPhotoStage(values.variant === "early-row" && stage.name === "ingest" ? early(stage) : stage);
    case "set":
      return chargedSetStage(stage);
  }
}

const chargedPhotoStage = (stage: PhotoStage): PhotoStage => ({
  ...stage,
  run: (photo, context) => {
    pass(`${stage.name}.before-run`);
    return stage.run(photo, context);
  },
});

const chargedSetStage = (stage: SetStage): SetStage => ({
  ...stage,
  run: (photos, context) => {
    pass(`${stage.name}.before-run`);
    return stage.run(photos, context);
  },
});

const LATE_MS = 300;

/** Unsafe: the facts are there before the file is. */
const early = (ingest: PhotoStage): PhotoStage => ({
  ...ingest,
  run: async (photo, context) => {
    const { bytes, sha256 } = await hashFile(photo.source.path, context.signal);
    setTimeout(() => void ingest.run(photo, context).catch(() => undefined), LATE_MS);
    return done({ file: "ingest/original.jpg", bytes, sha256, companions: [], uncopied: [] });
  },
});

function chargedStore(store: Store): Store {
  const { checkpoints, sets, desk, releases, intake } = store;
  const charged: Store["checkpoints"]["commit"] = (set, stage, outcomes, at) => {
    pass(`${stage}.before-commit`);
    checkpoints.commit(set, stage, outcomes, at);
    pass(`${stage}.after-commit`);
  };
  /** Unsafe: what belongs together is committed apart. */
  const apart: typeof charged = (set, stage, outcomes, at) => {
    for (const one of outcomes) charged(set, stage, new Map([one]), at);
  };
  return {
    ...store,
    checkpoints: {
      ...checkpoints,
      commit: values.variant === "photo-by-photo" ? apart : charged,
      hold: around("checkpoints.hold", checkpoints.hold),
      forget: around("checkpoints.forget", checkpoints.forget),
    },
    sets: { ...sets, take: around("sets.take", sets.take), remove: around("sets.remove", sets.remove) },
    desk: { ...desk, apply: around("desk.apply", desk.apply) },
    releases: { ...releases, release: around("releases.release", releases.release) },
    intake: { ...intake, setAside: around("intake.setAside", intake.setAside) },
  };
}

chargeFiles();
chargeSql();
const built = (module: string): string => pathToFileURL(join(values.build, "dist", module)).href;
const { startDaemon }: typeof import("../../src/daemon.ts") = await import(built("daemon.js"));
const { readConfig }: typeof import("../../src/config.ts") = await import(built("config.js"));
const seams: Seams = { stages: (stages) => stages.map(chargedStage), store: chargedStore };
const daemon = await startDaemon(readConfig(values.home), () => undefined, seams);
process.stdout.write(`${daemon.link()}\n`);
process.once("SIGTERM", () => void daemon.stop());
