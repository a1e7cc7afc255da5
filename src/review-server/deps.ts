import type { StageName } from "../domain/facts.ts";
import type { Clock } from "../domain/ports.ts";
import type { PhotoId, ReleaseId, SetId } from "../domain/words.ts";
import type { Store } from "../store/store.ts";
import type { Access } from "./access.ts";
import type { Live } from "./live.ts";

/** What the page may ask of the daemon besides deciding. The page never publishes: it releases, and the driver does the rest. */
export interface Actions {
  wake(set: SetId): void;
  /** photos were released: the driver publishes them */
  released(set: SetId, release: ReleaseId, photos: number): void;
  retry(set: SetId): void;
  rollBack(set: SetId): Promise<void>;
  rewind(set: SetId, to: StageName, photos: readonly PhotoId[] | undefined): Promise<void>;
  /** brings what is released and cannot be published back to the gate */
  reopen(set: SetId): Promise<void>;
  takeBack(set: SetId, photo: PhotoId): void;
  /** @returns how many files may be taken in again */
  startAgain(asideFor: string): number;
  /** takes a folder in as one set, at once */
  ingest(folder: string): Promise<SetId>;
  stop(): void;
}

export interface InboxView {
  readonly path: string;
  readonly online: boolean;
  readonly waiting: number;
  readonly closesInMs: number | null;
}

export interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;
  readonly live: Live;
  readonly actions: Actions;
  readonly inboxes: () => readonly InboxView[];
  /** working stages before the gate, in order, for progress bars */
  readonly stageNames: readonly StageName[];
  readonly version: string;
  /** absolute; built client files and stylesheet */
  readonly assets: string;
}
