/** The places where the daemon can be made to kill itself, in the order in which a set comes past them. */
import { FACTS, isStageName, type StageName } from "../../src/domain/facts.ts";

/** All stages, in order; the gate has none of its own to run. */
export const STAGE_ORDER: readonly StageName[] = Object.keys(FACTS).filter(isStageName);

/** Calls of `node:fs/promises` that change names; each can be killed before and after. */
export const FILE_CALLS = ["mkdir", "link", "unlink", "rename", "rm"] as const;

const STAGE_MOMENTS = ["before-run", "before-commit", "after-commit"] as const;

const around = (call: string): string[] => [`${call}.before`, `${call}.after`];
const ofStages = (stages: readonly StageName[]): string[] =>
  stages.flatMap((stage) => STAGE_MOMENTS.map((moment) => `${stage}.${moment}`));

const GATE = STAGE_ORDER.indexOf("review");

/** What an ordinary run comes past. */
export const BOUNDARIES: readonly string[] = [
  ...around("files.mkdir"),
  ...around("sql.exec"),
  ...around("files.rename"),
  ...around("sets.take"),
  ...ofStages(STAGE_ORDER.slice(0, 2)),
  ...around("files.link"),
  ...ofStages(STAGE_ORDER.slice(2, GATE)),
  ...around("desk.apply"),
  ...around("sql.run"),
  ...around("releases.release"),
  ...ofStages(STAGE_ORDER.slice(GATE + 1)),
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
