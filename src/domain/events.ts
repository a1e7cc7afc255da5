import type { StageName } from "./facts.ts";
import type { Millis, PhotoId, ReleaseId, SetId } from "./words.ts";

/** What the daemon announces. The roof turns events into log lines, notifications and the page's live stream. */
export type Event =
  | { readonly kind: "daemon.started"; readonly resumed: readonly SetId[]; readonly unclean: boolean }
  | { readonly kind: "inbox.offline"; readonly inbox: string; readonly why: string }
  | { readonly kind: "inbox.online"; readonly inbox: string }
  | { readonly kind: "inbox.changed"; readonly inbox: string; readonly waiting: number }
  | { readonly kind: "set.opened"; readonly set: SetId; readonly photos: number }
  /** late files joined a set that is not reviewed yet */
  | { readonly kind: "set.joined"; readonly set: SetId; readonly photos: number }
  /** photos of a set are one of their own now */
  | { readonly kind: "set.split"; readonly set: SetId; readonly from: SetId; readonly photos: number }
  | { readonly kind: "set.resumed"; readonly set: SetId; readonly from: StageName }
  | { readonly kind: "stage.done"; readonly set: SetId; readonly stage: StageName; readonly photos: readonly PhotoId[] }
  | {
      readonly kind: "photo.culled";
      readonly set: SetId;
      readonly photo: PhotoId;
      readonly code: string;
      readonly why: string;
    }
  | { readonly kind: "photo.taken-back"; readonly set: SetId; readonly photo: PhotoId }
  | {
      readonly kind: "stage.crashed";
      readonly set: SetId;
      readonly photo: PhotoId | null;
      readonly stage: StageName;
      readonly error: unknown;
    }
  | { readonly kind: "set.awaits-review"; readonly set: SetId; readonly undecided: number }
  | {
      readonly kind: "set.held";
      readonly set: SetId;
      readonly stage: StageName;
      readonly code: string;
      readonly why: string;
      readonly retryAt: Millis | null;
    }
  /** its proof is written; `summary` as in `118 passed, 2 repaired, 0 blocked` */
  | { readonly kind: "set.proved"; readonly set: SetId; readonly summary: string }
  | { readonly kind: "set.released"; readonly set: SetId; readonly release: ReleaseId; readonly photos: number }
  | { readonly kind: "set.finished"; readonly set: SetId }
  /** `bytes` were freed, over all clearings of the set */
  | { readonly kind: "set.cleared"; readonly set: SetId; readonly bytes: number }
  /** a model failed its test picture: what it answered since it last passed one is not to be believed */
  | {
      readonly kind: "captioner.distrusted";
      readonly captioner: string;
      readonly host: string;
      readonly model: string;
      readonly why: string;
      /** `evidence.key` of the words it gave since */
      readonly keys: readonly string[];
    }
  /** words that were not to be believed are forgotten and written anew; `approvals` of them are gone */
  | {
      readonly kind: "words.distrusted";
      readonly set: SetId;
      readonly photos: readonly PhotoId[];
      readonly approvals: number;
      readonly why: string;
    }
  | { readonly kind: "set.rolled-back"; readonly set: SetId };

export type Announce = (event: Event) => void;
