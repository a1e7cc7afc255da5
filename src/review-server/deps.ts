import type { Arrival } from "../domain/arrival.ts";
import type { CatalogueLine } from "../domain/catalogue-figures.ts";
import type { Description } from "../domain/context.ts";
import type { Correction, ProposedCorrection } from "../domain/correction.ts";
import type { StageName } from "../domain/facts.ts";
import type { Sight } from "../domain/first-sight.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import type { Clock } from "../domain/ports.ts";
import type { SpellingMarks } from "../domain/spelling-marks.ts";
import type { Millis, PhotoId, ReleaseId, SetId } from "../domain/words.ts";
import type { Part } from "../domain/zoom.ts";
import type { Hand } from "../store/gestures.ts";
import type { Store } from "../store/store.ts";
import type { Access } from "./access.ts";
import type { Vocabulary } from "./cards.ts";
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
  /** what clearing a set would do, by what lies on the disk */
  planClear(set: SetId): Promise<ClearFigures>;
  /** takes the wish in; the driver removes the working copies */
  clear(set: SetId, wish: { readonly moveOriginals: boolean; readonly by: string }): Promise<ClearFigures>;
  /** takes a person's word about a set, and the set back to where that is read */
  describe(set: SetId, said: Description, hand: Hand): Promise<void>;
  /** makes some photos of a set one of its own. @returns the new set */
  split(
    set: SetId,
    wish: { readonly photos: readonly PhotoId[]; readonly said: Description },
    hand: Hand,
  ): Promise<SetId>;
  /** shows what a correction comes to; nothing is written */
  proposeCorrection(set: SetId, said: Correction, signal: AbortSignal): Promise<ProposedCorrection>;
  /** @returns the photos it touched */
  takeCorrection(
    set: SetId,
    id: string,
    by: { readonly client: string; readonly seq: number },
    hand: Hand,
  ): Promise<readonly PhotoId[]>;
  takeBack(set: SetId, photo: PhotoId): void;
  /** @returns how many files may be taken in again */
  startAgain(asideFor: string): number;
  /** takes a folder in as one set, at once */
  ingest(folder: string): Promise<SetId>;
  /** lists an inbox, or all of them, now */
  look(inbox: string | undefined): void;
  /** takes what is whole of a folder of an inbox now */
  go(inbox: string, folder: string): void;
  /** holds a folder of an inbox back, or no longer */
  hold(inbox: string, folder: string, isHeld: boolean): void;
  /** what is missing in an inbox was taken away on purpose. @returns how many files */
  letGo(inbox: string): number;
  /** has a photo that was left out or rejected reviewed again, from the copy that came again if its file is gone */
  redo(photo: PhotoId, hand: Hand): SetId;
  stop(): void;
}

export interface ClearFigures {
  readonly copies: number;
  readonly bytes: number;
  readonly keptBytes: number;
  readonly onlyCopies: number;
  readonly published: number;
}

/** An inbox as the home page, the tray and `status` show it. */
export interface InboxView {
  readonly path: string;
  readonly online: boolean;
  /** why it is not online; null before the first look */
  readonly code: string | null;
  readonly why: string | null;
  readonly isNetwork: boolean;
  /** what says that there is something new: the system's events, or only our own listings, and why */
  readonly mode: "events" | "listings";
  readonly deaf: string | null;
  /** how often it is looked at while nothing is going on in it */
  readonly everyMs: Millis;
  /** files that are still arriving, or held back */
  readonly waiting: number;
  /** originals of unpublished photos that are not there any more */
  readonly missing: number;
  readonly arrivals: readonly Arrival[];
  readonly lookedAt: Millis | null;
  /** may the card be formatted? null where the inbox is no card, but lies on our own disk */
  readonly card: CardLight | null;
}

/** Whether every file of a card has a copy elsewhere that was read back and equal. */
export interface CardLight {
  readonly safe: boolean;
  readonly files: number;
  readonly copied: number;
  /** the first of those that have none, and why */
  readonly missing: readonly { readonly path: string; readonly why: string }[];
}

/** A setting as it is in force; secrets are never among them. */
export interface Setting {
  /** as in the file: `publish.ftp.host` */
  readonly name: string;
  readonly value: string;
}

export interface SettingsInForce {
  /** the file they are changed in; the daemon reads it when it starts */
  readonly file: string;
  readonly settings: readonly Setting[];
}

/** How photos are cropped on the page. */
export interface CropSettings {
  readonly start: "proposal" | "whole";
  /** photos beside each other, 1 to 4 */
  readonly panes: number;
  /** when new photos come: all at once, or each as soon as there is room */
  readonly refill: "together" | "one-by-one";
  /** of the longer side; with fewer, a warning */
  readonly leastPixels: number;
}

export interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;
  readonly live: Live;
  readonly actions: Actions;
  readonly inboxes: () => readonly InboxView[];
  readonly vocabulary: Vocabulary;
  readonly settings: () => SettingsInForce;
  /** every row of the local copy of the site's catalogue */
  readonly catalogue: () => readonly CatalogueLine[];
  /** the picture the camera put into the file of a photo, as a JPEG that may be shown; undefined if there is none */
  readonly firstSight: (photo: LoadedPhoto, sight: Sight) => Promise<Uint8Array | undefined>;
  /** what a short form typed in a field stands for */
  readonly snippets: Readonly<Record<string, string>>;
  /** words no dictionary has, by the field they stand in; null while they are still looked up */
  readonly spelling: (
    texts: Readonly<Record<string, string>>,
    about: readonly string[],
  ) => Promise<SpellingMarks | null>;
  /** a part of a photo, pixel by pixel, as a JPEG; undefined where there is no copy of it that could be read */
  readonly tile: (photo: LoadedPhoto, part: Part) => Promise<Uint8Array | undefined>;
  /** working stages before the gate, in order, for progress bars */
  readonly stageNames: readonly StageName[];
  /** the folder originals can be moved to; null if there is none */
  readonly archive: string | null;
  /** of the photos approved by whole screens, those that are looked at a second time, 0-20 */
  readonly secondLookPercent: number;
  /** are figures of each sitting kept? */
  readonly countsSittings: boolean;
  /** what the crop page starts with */
  readonly crop: CropSettings;
  readonly version: string;
  /** absolute; built client files and stylesheet */
  readonly assets: string;
}
