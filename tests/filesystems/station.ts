/** A home whose folders may lie on disks of their own, with short questions to its running daemon. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Card, SetState } from "../../src/review-server/cards.ts";
import type { InboxView } from "../../src/review-server/deps.ts";
import type { Problem } from "../../src/review-server/problems.ts";
import type { Row } from "../../src/review-server/rows.ts";
import { ask } from "../../src/runtime.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { jpeg, type PhotoOptions } from "../fixtures/make.ts";
import { type Disks, makeDisks } from "./disks.ts";

export interface Station {
  readonly home: Home;
  readonly disks: Disks;
  readonly data: string;
  readonly site: string;
  /** puts a photo into the inbox, or into another folder if the path is absolute */
  drop(path: string, options?: PhotoOptions): Promise<Buffer>;
  /** what the page is shown; asked of the daemon, so an answer says that it lives */
  look(): Promise<{ readonly sets: readonly Card[]; readonly inboxes: readonly InboxView[] }>;
  /** waits for the set whose folder ends so */
  set(folder: string, state: SetState): Promise<Card>;
  /** waits for what is said of the file whose path ends so; of any code if none is given */
  problem(end: string, code?: string): Promise<Problem>;
  rows(set: string): Promise<readonly Row[]>;
  /** approves all of a set and publishes it */
  publish(set: string): Promise<void>;
  /** ends the daemon, then takes every disk away */
  dispose(): Promise<void>;
}

export function makeStation(settings: object = {}): Station {
  const home = makeHome(settings);
  const disks = makeDisks();
  const data = join(home.path, "data");
  const station: Station = {
    home,
    disks,
    data,
    site: join(home.path, "site"),
    async drop(path, options) {
      const file = path.startsWith("/") ? path : join(home.inbox, path);
      const bytes = await jpeg(options);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
      return bytes;
    },
    look: async () => (await ask(data, "/api/sets")) as Awaited<ReturnType<Station["look"]>>,
    async set(folder, state) {
      const of = (cards: readonly Card[]) => cards.find((card) => card.folder.endsWith(folder));
      const { sets } = await home.until(
        () => station.look(),
        (seen) => of(seen.sets)?.state === state,
        `${folder}, ${state}`,
      );
      return of(sets) ?? expectNever(folder);
    },
    async problem(end, code) {
      const fits = (one: Problem) => one.path.endsWith(end) && one.code === (code ?? one.code);
      const { problems } = await home.until(
        async () => (await ask(data, "/api/problems")) as { readonly problems: readonly Problem[] },
        ({ problems: now }) => now.some(fits),
        `${end}: ${code ?? "anything said"}`,
      );
      return problems.find(fits) ?? expectNever(end);
    },
    rows: async (set) => (await home.json("list", set)).photos,
    async publish(set) {
      await home.cli("approve", set);
      await home.cli("publish", set, "--yes");
    },
    async dispose() {
      disks.abandon();
      try {
        await home.stop();
      } finally {
        disks.undo();
      }
      await home.dispose();
    },
  };
  return station;
}

function expectNever(what: string): never {
  throw new Error(`${what} went away again`);
}

/** Writes until the disk takes no more. */
export function fill(file: string): void {
  for (const block of [Buffer.alloc(65_536, 1), Buffer.alloc(512, 1)])
    try {
      for (;;) appendFileSync(file, block);
    } catch (full) {
      if (!(full instanceof Error && "code" in full && full.code === "ENOSPC")) throw full;
    }
}
