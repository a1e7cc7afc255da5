import { FAULTS, isFaultCode, remedyOf } from "../domain/fault.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Store } from "../store/store.ts";

/** A file or set that did not go its way, in words, with what to do. */
export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
  /** a note needs nobody: a system file, a companion, a file that is still arriving */
  readonly severity: "problem" | "note";
  readonly set: SetId | null;
  readonly photo: PhotoId | null;
  /** name of the rolled-back set these files wait for */
  readonly asideFor: string | null;
}

/** Everything in an inbox that is no photo on its way, and every held set: nothing is skipped silently. */
export function problemsOf(store: Pick<Store, "intake" | "sets" | "checkpoints" | "safety">): Problem[] {
  const inInbox = store.intake.all().map(
    ({ path, code, why, asideFor }): Problem => ({
      path,
      code,
      why,
      remedy: remedyOf(code),
      severity: severityOf(code),
      set: null,
      photo: null,
      asideFor,
    }),
  );
  const inSets = store.sets.all().flatMap((set) => [...culledIn(store, set.id), ...heldIn(store, set.id, set.folder)]);
  return [...inSets, ...aroundPhotos(store), ...inInbox];
}

/** What did not go its way though its photo did. */
function aroundPhotos({ safety }: Pick<Store, "safety">): Problem[] {
  const uncopied = safety.uncopied().map(({ path, code, why }) => ({
    path,
    code: "companion.uncopied",
    why: `${why} (${code})`,
  }));
  const kept = safety.kept().map(({ path, why }) => ({ path, code: "original.kept", why }));
  return [...uncopied, ...kept].map((one) => ({
    ...one,
    remedy: remedyOf(one.code),
    severity: severityOf(one.code),
    set: null,
    photo: null,
    asideFor: null,
  }));
}

function culledIn(store: Pick<Store, "sets">, set: SetId): Problem[] {
  return [...store.sets.culls(set)].map(([photo, { code, why }]) => ({
    path: store.sets.photo(photo)?.source.path ?? "",
    code,
    why,
    remedy: remedyOf(code),
    severity: "problem",
    set,
    photo,
    asideFor: null,
  }));
}

function heldIn(store: Pick<Store, "checkpoints">, set: SetId, folder: string): Problem[] {
  const hold = store.checkpoints.holdOf(set);
  if (hold === undefined) return [];
  return [
    {
      path: folder,
      code: hold.code,
      why: hold.why,
      remedy: remedyOf(hold.code),
      severity: "problem",
      set,
      photo: null,
      asideFor: null,
    },
  ];
}

// What a person must see to, as against what is said only so that nothing is unaccounted for.
const PROBLEMS_IN_INBOX = new Set(["drop.unreadable-folder", "drop.not-a-file", "context.invalid"]);

const severityOf = (code: string): Problem["severity"] =>
  PROBLEMS_IN_INBOX.has(code) || (isFaultCode(code) && FAULTS[code].blame === "photo") ? "problem" : "note";
