/** The places where the daemon can be made to kill itself, in the order in which a set comes past them. */
import type { StageName } from "../../src/domain/facts.ts";
import { stageOrder } from "../../src/stages/index.ts";

/** Calls of `node:fs/promises` that change names; each can be killed before and after. */
export const FILE_CALLS = ["mkdir", "link", "unlink", "rename", "rm"] as const;

const STAGE_MOMENTS = ["before-run", "before-commit", "after-commit"] as const;

const around = (call: string): string[] => [`${call}.before`, `${call}.after`];
const ofStages = (stages: readonly StageName[]): string[] =>
  stages.flatMap((stage) => STAGE_MOMENTS.map((moment) => `${stage}.${moment}`));

const GATE = stageOrder.indexOf("review");

/** What an ordinary run comes past. */
export const BOUNDARIES: readonly string[] = [
  ...around("files.mkdir"),
  ...around("sql.exec"),
  ...around("files.rename"),
  ...around("sets.take"),
  ...ofStages(stageOrder.slice(0, 2)),
  ...around("files.link"),
  ...ofStages(stageOrder.slice(2, GATE)),
  ...around("desk.apply"),
  ...around("sql.run"),
  ...around("releases.release"),
  ...ofStages(stageOrder.slice(GATE + 1)),
  ...around("files.unlink"),
  ...around("files.rm"),
];

/** What only a rewind and a rollback come past. */
export const ROLLBACK_BOUNDARIES: readonly string[] = [
  ...around("checkpoints.forget"),
  ...around("checkpoints.hold"),
  ...around("files.rm"),
  ...around("intake.setAside"),
  ...around("sets.remove"),
];

/** Unsafe builds, planted to show that they would be found. */
export const VARIANTS = {
  "early-row": "ingest says it is done before its file has its final name",
  "photo-by-photo": "a set stage is committed one photo at a time",
} as const;
export type Variant = keyof typeof VARIANTS;
