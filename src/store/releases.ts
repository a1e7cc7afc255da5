import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Final } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { sitePaths } from "../domain/naming.ts";
import type { Overruled } from "../domain/proof.ts";
import { tallyLine, tallyOf } from "../domain/proof-tally.ts";
import type { LookedAt } from "../domain/screenful.ts";
import { blockersIn } from "../domain/standing-proof.ts";
import type { PhotoId, ReleaseId, SetId } from "../domain/words.ts";
import { type Checkpoints, ROLLING_BACK } from "./checkpoints.ts";
import type { Database } from "./database.ts";
import type { Desk } from "./desk.ts";
import type { Hand } from "./gestures.ts";
import type { Journal } from "./journal.ts";
import type { Looked, Looks } from "./looks.ts";
import type { Sets } from "./sets.ts";
import type { DeskPhoto } from "./standing.ts";

export interface PlannedPhoto {
  readonly photo: PhotoId;
  readonly hash: string;
  readonly final: Final;
  readonly full: string;
  readonly thumb: string;
}

/** What pressing Publish would do, bound to a hash: if anything changes, the hash does. */
export interface Plan {
  readonly set: SetId;
  readonly hash: string;
  readonly photos: readonly PlannedPhoto[];
  readonly leftOut: {
    readonly undecided: number;
    readonly rejected: number;
    readonly held: number;
    readonly culled: number;
    readonly published: number;
  };
  /** how those that would go out were looked at on the page; each is counted once */
  readonly looked: LookedAt;
  /** how the words that would go out were proved */
  readonly words: {
    /** as in `118 passed, 2 repaired, 0 blocked` */
    readonly summary: string;
    /** photos that are left out and cannot be approved as they are */
    readonly blocked: number;
    readonly overruled: readonly (Overruled & { readonly photo: PhotoId; readonly file: string })[];
  };
}

export interface Releases {
  plan(set: SetId): Plan;
  /**
   * Gives the approved photos their review facts, exactly as the plan shows them.
   *
   * @throws Fault release.stale if the plan is not the one that was seen, release.empty, set.busy
   */
  release(set: SetId, planHash: string, hand: Hand): { readonly release: ReleaseId; readonly photos: number };
  of(set: SetId): { readonly id: ReleaseId; readonly by: string; readonly at: number; readonly photos: number }[];
}

export function releasesOn(
  database: Database,
  journal: Journal,
  sets: Sets,
  desk: Desk,
  checkpoints: Checkpoints,
  looks: Pick<Looks, "of">,
): Releases {
  const insert = database.prepare<[string, string, string, string, number]>(
    "insert into releases (id, set_id, plan, by, at) values (?, ?, ?, ?, ?)",
  );
  const count = database.prepare<[string], { n: number }>("select count(*) n from releases where set_id = ?");
  const ofSet = database.prepare<[string], { id: string; by: string; at: number; photos: number }>(
    `select r.id, r.by, r.at, (select count(*) from checkpoints c where c.stage = 'review'
       and json_extract(c.facts, '$.release') = r.id) photos
     from releases r where r.set_id = ? order by r.at`,
  );

  const plan = (set: SetId): Plan => {
    const culled = sets.culls(set);
    const shown = desk.photos(set).filter(({ photo }) => !culled.has(photo.id));
    const open = shown.filter(({ photo }) => photo.facts.review === undefined);
    const photos = open.flatMap(({ photo, verdict, final, hash }): PlannedPhoto[] =>
      verdict === "approved" && final !== undefined && hash !== undefined
        ? [{ photo: photo.id, hash, final, ...sitePaths(final) }]
        : [],
    );
    const having = (verdict: string | null): number => open.filter((one) => one.verdict === verdict).length;
    return {
      set,
      hash: createHash("sha256")
        .update(JSON.stringify(photos.map(({ photo, hash, full, thumb }) => [photo, hash, full, thumb])))
        .digest("hex"),
      photos,
      leftOut: {
        undecided: having(null),
        rejected: having("rejected"),
        held: having("held"),
        culled: culled.size,
        published: shown.length - open.length,
      },
      looked: lookedAt(photos, looks.of(set)),
      words: wordsIn(
        open,
        photos.map(({ photo }) => photo),
      ),
    };
  };

  return {
    plan,
    release: database.transaction((set: SetId, planHash: string, hand: Hand) => {
      // It would be taken away with the set, after it was acknowledged.
      if (checkpoints.holdOf(set)?.code === ROLLING_BACK) throw new Fault("set.busy", `${set} is being rolled back`);
      const now = plan(set);
      if (now.photos.length === 0) throw new Fault("release.empty", `nothing in ${set} is approved and unpublished`);
      if (now.hash !== planHash) throw new Fault("release.stale", `the list for ${set} is not the one that was shown`);
      const id = `${set}-r${(count.get(set)?.n ?? 0) + 1}`;
      insert.run(id, set, now.hash, hand.by, hand.at);
      journal.write(hand.at, {
        kind: "release.made",
        set,
        data: { release: id, by: hand.by, photos: now.photos.map(({ photo, hash }) => [photo, hash]) },
      });
      checkpoints.commit(
        set,
        "review",
        new Map(
          now.photos.map(({ photo, hash, final }) => [photo, { kind: "done", facts: { release: id, hash, final } }]),
        ),
        hand.at,
      );
      return { release: id, photos: now.photos.length };
    }).immediate,
    of: (set) => ofSet.all(set),
  };
}

function lookedAt(photos: readonly PlannedPhoto[], lookOf: ReturnType<Looks["of"]>): Plan["looked"] {
  const looks = photos.map(({ photo, hash }) => lookOf(photo, hash));
  const having = (wanted: Looked): number => looks.filter((look) => look === wanted).length;
  return { opened: having("opened"), seen: having("seen"), unseen: having(null) };
}

function wordsIn(open: readonly DeskPhoto[], planned: readonly PhotoId[]): Plan["words"] {
  const isBlocked = ({ flaws, state }: DeskPhoto): boolean => blockersIn(flaws, state.edits.overruled ?? []).length > 0;
  const going = open.filter(({ photo }) => planned.includes(photo.id));
  const judged = going.map((one) => ({
    outcome: one.photo.facts.words?.proof?.outcome ?? null,
    blocked: isBlocked(one),
  }));
  return {
    summary: tallyLine(tallyOf(judged)),
    blocked: open.filter((one) => !going.includes(one) && isBlocked(one)).length,
    overruled: going.flatMap(({ photo, state }) =>
      (state.edits.overruled ?? []).map((one) => ({ ...one, photo: photo.id, file: basename(photo.source.path) })),
    ),
  };
}
