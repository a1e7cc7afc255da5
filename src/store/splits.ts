import type { StageName } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import type { SetContext } from "../domain/photo.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import { type Checkpoints, ROLLING_BACK } from "./checkpoints.ts";
import type { Clearings } from "./clearings.ts";
import type { Database } from "./database.ts";
import type { Hand } from "./gestures.ts";
import type { Journal } from "./journal.ts";
import { freeId, type Sets } from "./sets.ts";

/** Sets that show two things, and become two. */
export interface Splits {
  /** @throws Fault set.unknown, set.busy, set.cleared where nothing may be split off, or not now */
  assertOpen(set: SetId): void;
  /**
   * Makes a set of its own of some photos, as one that follows theirs. In the same transaction, what was made of them
   * together is forgotten: killed right after it, both sets go on by themselves.
   *
   * @param photos unreleased ones of the set, not all that it has
   * @throws Fault as `assertOpen`
   */
  split(set: SetId, photos: readonly PhotoId[], context: SetContext, forget: ForgottenBySplit, hand: Hand): SetId;
  /** was it a part of the set it follows? */
  isSplitOff(set: SetId): boolean;
  /** has anything been split off a set after a revision? */
  hasSplitSince(set: SetId, revision: number): boolean;
}

/** Stages whose facts are forgotten, newest first. */
export interface ForgottenBySplit {
  /** of those that go */
  readonly going: readonly StageName[];
  /** of those that stay and are not released */
  readonly staying: readonly StageName[];
}

export function splitsOn(
  database: Database,
  journal: Journal,
  sets: Sets,
  checkpoints: Checkpoints,
  clearings: Pick<Clearings, "assertWhole">,
): Splits {
  const copySet = database.prepare(
    `insert into sets (id, name, inbox, folder, context, opened_at, follows, volume)
     select @id, @name, inbox, folder, @context, @at, id, volume from sets where id = @from`,
  );
  const putSplitOff = database.prepare<[string, number]>("insert into split_off (set_id, at) values (?, ?)");
  const splitOff = database.prepare<[string], number>("select 1 from split_off where set_id = ?").pluck();
  const splitSince = database
    .prepare<[string, number], number>(
      "select 1 from journal where set_id = ? and seq > ? and kind = 'set.split' limit 1",
    )
    .pluck();
  const move = database.prepare<[string, number, number]>("update photos set set_id = ?, position = ? where id = ?");

  const assertOpen = (set: SetId): void => {
    if (sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
    if (checkpoints.holdOf(set)?.code === ROLLING_BACK) throw new Fault("set.busy", `${set} is being rolled back`);
    clearings.assertWhole(set);
  };

  return {
    assertOpen,
    split: database.transaction(
      (set: SetId, photos: readonly PhotoId[], context: SetContext, forget: ForgottenBySplit, hand: Hand) => {
        assertOpen(set);
        const { at, by } = hand;
        const name = `${sets.get(set)?.name}: ${context.subject ?? "another part"}`;
        const id = freeId(name, (taken) => sets.get(taken) !== undefined || journal.knows(taken));
        copySet.run({ id, name, context: JSON.stringify(context), at, from: set });
        putSplitOff.run(id, at);
        const going = new Set(photos);
        const inOrder = checkpoints.progress(set).filter((photo) => going.has(photo.id));
        journal.write(at, { kind: "set.split", set, data: { by, to: id, photos: inOrder.map((photo) => photo.id) } });
        journal.write(at, { kind: "set.opened", set: id, data: { by, from: set, photos: inOrder.length } });
        inOrder.forEach((photo, i) => void move.run(id, i + 1, photo.id));
        for (const stage of forget.going) {
          const having = inOrder.filter(({ done }) => done.has(stage)).map((photo) => photo.id);
          checkpoints.forget(id, stage, having, at);
        }
        checkpoints.findOutAnew(set, forget.staying, hand);
        return id;
      },
    ).immediate,
    isSplitOff: (set) => splitOff.get(set) !== undefined,
    hasSplitSince: (set, revision) => splitSince.get(set, revision) !== undefined,
  };
}
