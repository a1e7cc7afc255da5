/**
 * The photographer, scripted: looks, edits, rejects, approves and publishes in two releases, over HTTP. The daemon may die at
 * any moment; what got no answer is asked again, in the very same words.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../src/domain/fault.ts";
import { Away, type Card, CardsSchema, clientOf, PlanSchema, ReleaseSchema, ResultsSchema } from "./client.ts";
import { SETS } from "./scenario.ts";

/** What the daemon said yes to. From then on it must be true, whatever is killed. */
export type Ack =
  | { readonly kind: "op"; readonly set: string; readonly id: string }
  | { readonly kind: "release"; readonly set: string; readonly release: string; readonly photos: number }
  | { readonly kind: "published"; readonly set: string; readonly name: string }
  | { readonly kind: "rolled-back"; readonly set: string };

export interface OwnerOptions {
  readonly home: string;
  /** where the acks are kept; outside the home */
  readonly ackFile: string;
  /** name of a set that is rolled back at its gate, and taken in anew */
  readonly rollBack: string | undefined;
  /** name of a set that is rewound at its gate */
  readonly rewind: string | undefined;
  /** hears of a rollback, before the set is taken in anew */
  readonly rolledBack: (set: string) => void;
}

export interface Owner {
  readonly acks: readonly Ack[];
  /** answers that a correct daemon does not give */
  readonly refusals: readonly string[];
  isDone(): boolean;
  /** asks for everything once more that must change nothing now */
  publishAgain(): Promise<void>;
  stop(): Promise<void>;
}

type Wish = readonly [photo: number, field: string, to: unknown];

const approve = (photo: number): Wish => [photo, "verdict", "approved"];
/** Photos by their number in the set. The approval of 1 is voided by the edit after it, and given again. */
const firstLook = ({ name }: Card): readonly Wish[] => [
  approve(1),
  [1, "altText", "A bird on a post, looking left"],
  [2, "caption", "Two birds over the dyke at low tide"],
  [3, "name", `The_best_of_${name.replaceAll(/\W+/g, "_")}.JPG`],
  [4, "keywords", ["bird", "tide", "wind"]],
  [5, "verdict", "rejected"],
  [6, "verdict", "held"],
  [7, "location", "De Cocksdorp"],
  [7, "qr", 8.5],
];
const FIRST_RELEASE = [1, 2];
const SECOND_RELEASE = [3, 4, 6, 7, 8];

const PAUSE_MS = 25;

export function startOwner(options: OwnerOptions): Owner {
  const acks: Ack[] = [];
  const acked = new Set<string>();
  const refusals: string[] = [];
  let stopped = false;
  let isDone = false;

  const { ask, get, rows: rowsOf } = clientOf(options.home, (what) => refusals.push(what));

  const acknowledge = (ack: Ack): void => {
    const line = JSON.stringify(ack);
    if (acked.has(line)) return;
    acked.add(line);
    acks.push(ack);
    appendFileSync(options.ackFile, `${line}\n`);
  };

  /** @returns whether all of it was said yes to, now or before */
  const decide = async (card: Card, gesture: string, wishes: readonly Wish[]): Promise<boolean> => {
    const key = `${card.id}/${gesture}`;
    if (acked.has(key)) return true;
    const rows = await rowsOf(card.id);
    const ops = wishes.map(([number, field, to], seq) => {
      const row = rows.find(({ file }) => file === fileOf(card, number));
      // A fixed id and a fixed counter: asked again, it is the same op.
      const id = `${key}/${seq}`;
      const client = key;
      const seen = to === "approved" ? row?.hash : undefined;
      return { id, client, seq, gesture: key, photo: row?.id ?? 0, field, to, baseRev: row?.rev ?? 0, seen };
    });
    const answer = await get(ResultsSchema, `/api/sets/${card.id}/ops`, { ops });
    for (const { id, ok, message } of answer?.results ?? [])
      if (ok) acknowledge({ kind: "op", set: card.id, id });
      else refusals.push(`${id}: ${message ?? "refused"}`);
    if (answer === undefined) return false;
    acked.add(key);
    return true;
  };

  const publish = async (card: Card, gesture: string, numbers: readonly number[]): Promise<boolean> => {
    const key = `${card.id}/${gesture}/run`;
    if (acked.has(key)) return true;
    if (!(await decide(card, gesture, numbers.map(approve)))) return false;
    const plan = await get(PlanSchema, `/api/sets/${card.id}/plan`, {});
    if (plan === undefined) return false;
    if (plan.photos.length === 0) {
      // Released, and the daemon died before it could say so.
      const wanted = numbers.map((number) => fileOf(card, number));
      const released = (await rowsOf(card.id)).filter((row) => wanted.includes(row.file) && row.released);
      if (released.length !== numbers.length) refusals.push(`${key}: the plan is empty, ${released.length} released`);
      acked.add(key);
      return true;
    }
    if (plan.photos.length !== numbers.length) refusals.push(`${key}: the plan has ${plan.photos.length} photos`);
    const made = await get(ReleaseSchema, `/api/plans/${card.id}/run`, { hash: plan.hash });
    if (made === undefined) return false;
    acknowledge({ kind: "release", set: card.id, ...made });
    acked.add(key);
    return true;
  };

  const watchPublished = async (card: Card): Promise<void> => {
    for (const { published, name } of await rowsOf(card.id))
      if (published && name !== null) acknowledge({ kind: "published", set: card.id, name });
  };

  let rollingBack: string | undefined;
  let isLookedAt = false;
  let isTakenAnew = false;
  /** Takes a set back at its gate. */
  const rollBack = async (card: Card): Promise<void> => {
    // Begun and cut off: the daemon has to finish it by itself.
    if (card.hold?.code === "set.rolling-back") return;
    rollingBack = card.id;
    if (!(await decide(card, "in vain", firstLook(card)))) return;
    const { status, answer } = await ask(`/api/sets/${card.id}/roll-back`, {});
    if (status === 200) acknowledge({ kind: "rolled-back", set: card.id });
    // Gone, or on its way already: both are what was asked for.
    else if (status !== 404 && status !== 409) refusals.push(`roll-back: ${status} ${JSON.stringify(answer)}`);
  };
  const takeInAnew = async (set: string): Promise<void> => {
    const again = await ask(`/api/sets/${set}/roll-back`, {});
    if (again.status !== 404) refusals.push(`a second roll-back was answered with ${again.status}`);
    // Once: the daemon may take it in anew and die before it says so.
    if (!isLookedAt) options.rolledBack(set);
    isLookedAt = true;
    await ask("/api/start-again", { set });
    isTakenAnew = true;
  };

  let isRewound = false;
  const rewind = async (card: Card): Promise<void> => {
    const { status, answer } = await ask(`/api/sets/${card.id}/rewind`, { to: "look" });
    isRewound = status === 200;
    if (!isRewound) refusals.push(`rewind: ${status} ${JSON.stringify(answer)}`);
  };

  const attend = async (card: Card): Promise<void> => {
    if (card.hold !== null && card.hold.code !== "set.rolling-back")
      refusals.push(`${card.id} is held at ${card.hold.stage}: ${card.hold.why} (${card.hold.code})`);
    if (card.counts.working > 0) return;
    if (card.name === options.rewind && !isRewound) return rewind(card);
    // The rewind first, so that a plan of kills can name the places in order.
    if (card.name === options.rollBack && !isTakenAnew && card.id === (rollingBack ?? card.id))
      return isRewound ? rollBack(card) : undefined;
    if (
      card.hold === null &&
      (await decide(card, "first look", firstLook(card))) &&
      (await publish(card, "first release", FIRST_RELEASE))
    )
      await publish(card, "second release", SECOND_RELEASE);
    await watchPublished(card);
  };

  const attendAll = async (): Promise<void> => {
    const cards = (await get(CardsSchema, "/api/sets"))?.sets ?? [];
    const isGone = rollingBack !== undefined && !cards.some(({ name }) => name === options.rollBack);
    if (rollingBack !== undefined && isGone && !isTakenAnew) await takeInAnew(rollingBack);
    for (const card of cards) if (card.state !== "done") await attend(card);
    isDone = cards.length === SETS.length && cards.every(({ state }) => state === "done");
    if (isDone) for (const card of cards) await watchPublished(card);
  };

  const life = (async () => {
    while (!stopped && !isDone) {
      try {
        await attendAll();
      } catch (failure) {
        if (!(failure instanceof Away)) refusals.push(messageOf(failure));
        isDone = false;
      }
      await sleep(PAUSE_MS);
    }
  })();

  return {
    acks,
    refusals,
    isDone: () => isDone,
    async publishAgain() {
      for (const { id } of (await get(CardsSchema, "/api/sets"))?.sets ?? []) {
        const plan = await get(PlanSchema, `/api/sets/${id}/plan`, {});
        const { status } = await ask(`/api/plans/${id}/run`, { hash: plan?.hash ?? "" });
        if (plan?.photos.length !== 0 || status !== 409) refusals.push(`${id}: publishing again was not refused`);
      }
    },
    async stop() {
      stopped = true;
      await life;
    },
  };
}

function fileOf(card: Card, number: number): string {
  const set = SETS.find(({ name }) => name === card.name);
  return `${set?.prefix}${number}.JPG`;
}
