import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { changedFields } from "../domain/context.ts";
import {
  type Corrected,
  type CorrectedText,
  type Correction,
  correctedWord,
  type ProposedCorrection,
  type ProposedPhoto,
} from "../domain/correction.ts";
import { isStageName } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { sitePaths } from "../domain/naming.ts";
import { withOwnWord } from "../domain/own-word.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import type { Clock } from "../domain/ports.ts";
import type { EditField, Edits } from "../domain/review.ts";
import { hasFacts, type Stage, type WorkingStage } from "../domain/stage.ts";
import { blockersIn } from "../domain/standing-proof.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import { ROLLING_BACK } from "../store/checkpoints.ts";
import type { CorrectedChange, Corrector } from "../store/desk.ts";
import type { Hand } from "../store/gestures.ts";
import type { PaperNames } from "../store/names.ts";
import type { DeskPhoto } from "../store/standing.ts";
import type { Store } from "../store/store.ts";
import { pool } from "./pool.ts";

export interface CorrectTools {
  readonly stages: readonly Stage[];
  /** the same stages, but that names are given out on paper only and these photos have no words yet */
  readonly onPaper: (names: PaperNames, without: ReadonlySet<PhotoId>) => readonly Stage[];
  readonly store: Pick<Store, "sets" | "checkpoints" | "names" | "desk" | "clearings">;
  readonly clock: Clock;
  /** photos of one set in flight at a time */
  readonly width: number;
}

/** Corrections of a set: what hangs on a person's word about some photos is made anew, shown, and taken in one step. */
export interface Corrections {
  /**
   * Has the stages make what they would of it, and writes nothing.
   *
   * @throws Fault set.unknown, set.busy, set.cleared, and whatever a captioner has to say
   */
  propose(set: SetId, said: Correction, signal: AbortSignal): Promise<ProposedCorrection>;
  /** @throws Fault correction.stale, and as `Desk.correct` does. @returns the photos it touched */
  take(set: SetId, id: string, by: Pick<Corrector, "client" | "seq">, hand: Hand): PhotoId[];
}

/** Who looks at a correction takes it soon, or makes another. */
const KEPT = 20;

export function correctionsWith(tools: CorrectTools): Corrections {
  const { store } = tools;
  const kept = new Map<string, { readonly set: SetId; readonly changes: readonly CorrectedChange[] }>();

  const assertCorrectable = (set: SetId, photos: readonly PhotoId[]): void => {
    if (store.sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
    if (store.checkpoints.holdOf(set)?.code === ROLLING_BACK)
      throw new Fault("set.busy", `${set} is being rolled back`);
    store.clearings.assertWhole(set, photos);
  };

  return {
    async propose(set, said, signal) {
      assertCorrectable(set, said.photos);
      const { asked, leftOut } = askedIn(set, said.photos, tools);
      const wanted = asked.map((one) => wantedOf(one, said));
      const moved = wanted.filter((one) => one.changed.size > 0 || one.clears.length > 0);
      const { made, places } = await remade(set, moved, said, tools, signal);
      const all = moved.map((one) => resultOf(one, made.get(one.now.photo.id) ?? one.photo, places, store));
      const changed = all.filter(({ change }) => isOther(change));
      const id = randomUUID();
      kept.set(id, { set, changes: changed.map(({ change }) => change) });
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      return { id, photos: changed.map(({ shown }) => shown), unchanged: asked.length - changed.length, leftOut };
    },
    take(set, id, by, hand) {
      const proposed = kept.get(id);
      if (proposed?.set !== set) throw new Fault("correction.stale", `there is no correction ${id} of ${set} to take`);
      const photos = proposed.changes.map(({ photo }) => photo);
      assertCorrectable(set, photos);
      store.desk.correct(set, proposed.changes, { ...by, gesture: id }, hand);
      kept.delete(id);
      return photos;
    },
  };
}

/** A photo as it is to be. */
interface Wanted {
  readonly now: DeskPhoto;
  readonly photo: LoadedPhoto;
  readonly changed: ReadonlySet<string>;
  readonly clears: readonly EditField[];
  /** the person has chosen its name, and it stays */
  readonly keepsName: boolean;
}

function askedIn(set: SetId, ids: readonly PhotoId[], { store }: CorrectTools) {
  const culls = store.sets.culls(set);
  const asked: DeskPhoto[] = [];
  const leftOut: { photo: PhotoId; file: string; why: string }[] = [];
  for (const one of store.desk.photos(set, new Set(ids))) {
    const { id, setId, source, facts } = one.photo;
    if (setId !== set) continue;
    const why =
      facts.review !== undefined
        ? "released already"
        : culls.has(id)
          ? "left out"
          : one.final === undefined
            ? "its words are not there yet"
            : undefined;
    if (why === undefined) asked.push(one);
    else leftOut.push({ photo: id, file: basename(source.path), why });
  }
  return { asked, leftOut };
}

function wantedOf(now: DeskPhoto, { photos: _, ...said }: Correction): Wanted {
  const photo = withOwnWord(now.photo, correctedWord(now.photo, said));
  const { edits } = now.state;
  const isNameAnew = said.anew?.includes("name") === true;
  const clears: EditField[] = [
    ...(said.subject !== undefined && edits.subject !== undefined ? (["subject"] as const) : []),
    ...(said.location !== undefined && edits.location !== undefined ? (["location"] as const) : []),
    ...(isNameAnew && edits.name !== undefined ? (["name"] as const) : []),
  ];
  const changed = changedFields(now.photo.context, photo.context);
  return { now, photo, changed, clears, keepsName: edits.name !== undefined && !isNameAnew };
}

/** What the stages before the gate make of these photos, each from the first stage that reads what has changed about it. */
async function remade(
  set: SetId,
  wanted: readonly Wanted[],
  { anew = [] }: Pick<Correction, "anew">,
  tools: CorrectTools,
  signal: AbortSignal,
) {
  const { store, width } = tools;
  const ids = new Set(wanted.map(({ now }) => now.photo.id));
  const places = store.names.onPaper(anew.includes("name") ? ids : new Set());
  const stages = tools.onPaper(places, ids);
  const gate = stages.findIndex(({ kind }) => kind === "gate");
  const before = stages.slice(0, gate).filter((stage): stage is WorkingStage => stage.kind !== "gate");
  const firstOf = ({ changed }: Wanted): number => {
    const first = before.findIndex(
      ({ reads = [], readsSetAlone }) => readsSetAlone !== true && reads.some((field) => changed.has(field)),
    );
    return first < 0 ? before.length : first;
  };
  const made = new Map(wanted.map(({ photo }) => [photo.id, photo]));
  for (const [at, stage] of before.entries()) {
    const due = wanted.filter((one) => firstOf(one) <= at && !(stage.name === "name" && one.keepsName));
    if (stage.readsSetAlone === true || due.length === 0) continue;
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(stage.limitMs)]);
    const put = (
      photo: PhotoId,
      outcome: Awaited<ReturnType<Extract<WorkingStage, { kind: "photo" }>["run"]>>,
    ): void => {
      const known = made.get(photo);
      if (known === undefined) return;
      if (outcome.kind !== "done") throw new Error(`${stage.name} left photo ${photo} out: ${outcome.why}`);
      made.set(photo, { ...known, facts: { ...known.facts, [stage.name]: outcome.facts } });
    };
    const context = { signal: inTime, now: tools.clock.now };
    if (stage.kind === "photo")
      await pool(due, width, inTime, async ({ now: { photo } }) => {
        const known = made.get(photo.id) ?? photo;
        put(photo.id, await stage.run(known, { ...context, dir: join(known.dir, stage.name) }));
      });
    else {
      const culls = store.sets.culls(set);
      const others = store.sets.photos(set).filter((photo) => !culls.has(photo.id) && hasFacts(photo, stage.needs));
      const photos = others.map((photo) => made.get(photo.id) ?? photo);
      const dir = join(photos[0]?.dir ?? "", "..", `set-${set}`, stage.name);
      const outcomes = await stage.run(photos, { ...context, dir });
      for (const { now } of due) {
        const outcome = outcomes.get(now.photo.id);
        if (outcome !== undefined) put(now.photo.id, outcome);
      }
    }
    signal.throwIfAborted();
  }
  return { made, places };
}

/** What a correction might have changed, had nobody written it. */
const KEPT_TEXTS = ["caption", "altText", "keywords", "name", "subject", "location"] as const;

function resultOf(
  { now, photo: said, clears, keepsName }: Wanted,
  made: LoadedPhoto,
  places: PaperNames,
  { desk }: Pick<Store, "desk">,
): { readonly change: CorrectedChange; readonly shown: ProposedPhoto } {
  const { id } = now.photo;
  const before = desk.correctedNow(id);
  const stages = Object.keys(before.facts).filter(isStageName);
  const own = said.own?.word ?? {};
  const after = {
    own: Object.keys(own).length === 0 ? null : own,
    // What no stage has made anew stays as it is stored, and not as this version would write it.
    facts: Object.fromEntries(
      stages.map((stage) => [
        stage,
        made.facts[stage] === now.photo.facts[stage] ? before.facts[stage] : made.facts[stage],
      ]),
    ),
    place: keepsName ? before.place : (places.placeOf(id) ?? before.place),
  };
  const edits: Edits = Object.fromEntries(
    Object.entries(now.state.edits).filter(([field]) => !clears.some((cleared) => cleared === field)),
  );
  const then = desk.asIf(made, edits);
  const shown: ProposedPhoto = {
    photo: id,
    file: basename(now.photo.source.path),
    before: textOf(now),
    after: textOf(then),
    kept: KEPT_TEXTS.filter((field) => edits[field] !== undefined),
    blocked: blockersIn(then.flaws, edits.overruled ?? []).map(({ rule, why }) => `${rule}: ${why}`),
    voids: now.verdict === "approved",
  };
  return { change: { photo: id, before, after, clears }, shown };
}

function textOf({ photo, final }: DeskPhoto): CorrectedText {
  if (final === undefined) throw new Error(`photo ${photo.id} has lost its words while they were made anew`);
  const { name, caption, altText, subject, location, keywords, folder } = final;
  const kind = photo.context.kind ?? "";
  const path = sitePaths(final).full;
  return { name, caption, altText, subject, location, keywords: keywords.join(", "), category: folder, kind, path };
}

/** Asked anew, and the same was said again: nobody has to decide about that. */
const isOther = ({ before, after, clears }: CorrectedChange): boolean =>
  clears.length > 0 || !isDeepStrictEqual(withoutTakes(before), withoutTakes(after));

const withoutTakes = ({ own, facts, place }: Corrected): unknown => {
  const { wordsTake: _, nameTake: __, ...word } = own ?? {};
  return [word, facts, place];
};
