import { basename, relative, sep } from "node:path";
import { FAULTS, Fault, isFaultCode, remedyOf } from "../domain/fault.ts";
import { looksLikePhoto } from "../domain/formats.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { AliasRow, IntakeRow } from "../store/intake.ts";
import type { Store } from "../store/store.ts";

/** What a person can have done about a problem; `acts.ts` says how. */
export type Act = "retry" | "take-back" | "redo" | "go" | "look" | "let-go" | "ignore" | "start-again";

/** A file, folder, set or inbox that did not go its way, in words, with what to do. */
export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
  /** `problem` wants a person; `waiting` goes on by itself, or when a person says so; a `note` needs nobody */
  readonly severity: "problem" | "waiting" | "note";
  readonly acts: readonly Act[];
  readonly set: SetId | null;
  readonly photo: PhotoId | null;
  /** the inbox it lies in; null for what is in a set */
  readonly inbox: string | null;
  /** first-level folder of that inbox; empty for loose files */
  readonly folder: string | null;
  /** name of the rolled-back set these files wait for */
  readonly asideFor: string | null;
  /** a person does not want to hear of it, as long as it stays as it is */
  readonly ignored: boolean;
}

type ProblemStore = Pick<Store, "intake" | "sets" | "checkpoints" | "safety">;

/** Everything in an inbox that is no photo on its way, every copy of one, and every held set: nothing is skipped silently. */
export function problemsOf(store: ProblemStore): Problem[] {
  return [...inSetsAndInboxes(store), ...store.intake.aliases().map(ofAlias)];
}

/** How many of them want a person, without reading what does not. */
export const countProblems = (store: ProblemStore): number =>
  inSetsAndInboxes(store).filter(({ severity }) => severity === "problem").length;

function inSetsAndInboxes(store: ProblemStore): Problem[] {
  const inInbox = store.intake.all().map(ofNote);
  const inSets = store.sets.all().flatMap((set) => [...heldIn(store, set.id, set.folder), ...culledIn(store, set.id)]);
  const others = inInbox.filter((one) => !isOfInbox(one));
  return [...inInbox.filter(isOfInbox), ...inSets, ...aroundPhotos(store), ...others];
}

/** What did not go its way though its photo did. */
function aroundPhotos({ safety }: Pick<Store, "safety">): Problem[] {
  const uncopied = safety.uncopied().map(({ path, code, why }) => ({
    path,
    code: "companion.uncopied",
    why: `${why} (${code})`,
  }));
  const kept = safety.kept().map(({ path, why }) => ({ path, code: "original.kept", why }));
  return [...uncopied, ...kept].map(({ path, code, why }) => ({
    ...ofSet(path, null, code, why),
    severity: sortOf(code).severity,
    acts: [],
  }));
}

/** What concerns a whole inbox comes first: it explains the rest. */
const isOfInbox = ({ path, inbox }: Problem): boolean => path === inbox;

interface Sort {
  readonly severity: Problem["severity"];
  readonly acts: readonly Act[];
}

/** How the codes of an inbox are to be taken. */
const SORTS: Readonly<Record<string, Sort>> = {
  "inbox.offline": { severity: "problem", acts: ["look"] },
  "inbox.unreadable": { severity: "problem", acts: ["look"] },
  "inbox.not-answering": { severity: "problem", acts: ["look"] },
  "inbox.many-missing": { severity: "problem", acts: ["look", "let-go"] },
  "photo.source-gone": { severity: "problem", acts: ["look", "let-go"] },
  "context.invalid": { severity: "problem", acts: ["look"] },
  "drop.unreadable-folder": { severity: "problem", acts: ["look", "ignore"] },
  "drop.too-deep": { severity: "problem", acts: ["look", "ignore"] },
  "drop.not-a-file": { severity: "problem", acts: ["look", "ignore"] },
  "drop.orphan": { severity: "problem", acts: ["look", "ignore"] },
  "drop.waiting": { severity: "waiting", acts: ["go", "look"] },
  "drop.incomplete": { severity: "waiting", acts: ["go", "look"] },
  "drop.held": { severity: "waiting", acts: ["go"] },
  "drop.set-aside": { severity: "waiting", acts: ["start-again"] },
  "drop.late-companion": { severity: "note", acts: ["ignore"] },
  "drop.symlink": { severity: "note", acts: ["ignore"] },
  "drop.other-file": { severity: "note", acts: ["ignore"] },
};
const OF_PHOTO: Sort = { severity: "problem", acts: ["look", "ignore"] };
const OF_NO_USE: Sort = { severity: "note", acts: [] };

const sortOf = (code: string): Sort =>
  SORTS[code] ?? (isFaultCode(code) && FAULTS[code].blame === "photo" ? OF_PHOTO : OF_NO_USE);

function ofNote({ path, code, why, asideFor, inbox, ignored }: IntakeRow): Problem {
  const below = relative(inbox, path).split(sep);
  const { severity, acts } = ignored ? OF_NO_USE : sortOf(code);
  return {
    path,
    code,
    why,
    remedy: remedyOf(code),
    severity,
    // A companion that waits alone is no folder of photos that could be taken in.
    acts: acts.filter((act) => act !== "go" || looksLikePhoto(basename(path))),
    set: null,
    photo: null,
    inbox,
    folder: below.length > 1 ? (below[0] ?? "") : "",
    asideFor,
    ignored,
  };
}

/** The same bytes at another place; of a photo that was decided against, a person may have changed their mind. */
function ofAlias({ path, inbox, photo, set, source, verdict, cull }: AliasRow): Problem {
  const fate = cull !== null ? "left out" : verdict === "rejected" ? "rejected" : undefined;
  const code = fate === undefined ? "drop.already-here" : "drop.again";
  const name = basename(source);
  const other = name === basename(path) ? source : name;
  return {
    path,
    code,
    why: `${path} is ${other} byte for byte${fate === undefined ? "" : `, which was ${fate}`}`,
    remedy: remedyOf(code),
    severity: "note",
    acts: fate === undefined ? [] : ["redo"],
    set,
    photo,
    inbox,
    folder: null,
    asideFor: null,
    ignored: false,
  };
}

function culledIn(store: Pick<Store, "sets">, set: SetId): Problem[] {
  return [...store.sets.culls(set)].map(([photo, { code, why }]) => ({
    ...ofSet(store.sets.photo(photo)?.source.path ?? "", set, code, why),
    // Its newer version is in the set: nothing is lacking.
    severity: code === "photo.replaced" ? "note" : "problem",
    acts: ["take-back"],
    photo,
  }));
}

function heldIn(store: Pick<Store, "checkpoints">, set: SetId, folder: string): Problem[] {
  const hold = store.checkpoints.holdOf(set);
  return hold === undefined ? [] : [{ ...ofSet(folder, set, hold.code, hold.why), acts: ["retry"] }];
}

const ofSet = (path: string, set: SetId | null, code: string, why: string): Omit<Problem, "acts"> => ({
  path,
  code,
  why,
  remedy: remedyOf(code),
  severity: "problem",
  set,
  photo: null,
  inbox: null,
  folder: null,
  asideFor: null,
  ignored: false,
});

/**
 * A person does not want to hear of a file again, or of everything of one kind in an inbox.
 *
 * @returns how many
 * @throws Fault problem.unknown
 */
export function ignoreProblems(
  { intake }: Pick<Store, "intake">,
  about: { readonly path: string } | { readonly inbox: string; readonly code: string },
  at: Millis,
): number {
  const isMeant = (one: Problem): boolean =>
    "path" in about ? one.path === about.path : one.inbox === about.inbox && one.code === about.code;
  const found = intake
    .all()
    .map(ofNote)
    .filter((one) => one.acts.includes("ignore") && isMeant(one));
  if (found.length === 0)
    throw new Fault("problem.unknown", `${"path" in about ? about.path : about.code} is nothing that can be ignored`);
  return intake.ignore(
    found.map(({ path }) => path),
    at,
  );
}

/** Problems of one kind that can be read and seen to together. */
export interface ProblemGroup extends Pick<Problem, "code" | "remedy" | "severity" | "ignored"> {
  readonly key: string;
  readonly means: string;
  /** what happened, if it is the same for all of them */
  readonly why: string | null;
  readonly count: number;
  /** the first of them */
  readonly shown: readonly Problem[];
  /** what can be done about all of them at once */
  readonly acts: readonly Act[];
}

/** More than these of one kind are counted, not listed: a page or terminal of thousands of lines helps nobody. */
export const MOST_SHOWN = 100;

/** Is an act about one photo or file? */
export const isOfOne = (act: Act): boolean => act === "ignore" || !TOGETHER.has(act);

/** Acts that are about the inbox, the folder or the kind, not about the one file; to ignore goes either way. */
const TOGETHER: ReadonlySet<Act> = new Set(["go", "look", "let-go", "ignore", "start-again"]);

/** What wants a person comes first. */
const URGENCY: readonly Problem["severity"][] = ["problem", "waiting", "note"];

export function groupsOf(problems: readonly Problem[]): ProblemGroup[] {
  const sorted = URGENCY.flatMap((severity) => problems.filter((one) => one.severity === severity));
  return [...Map.groupBy(sorted, keyOf)].flatMap(([key, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const { code, remedy, severity, why, ignored } = first;
    const means = isFaultCode(code) ? FAULTS[code].means : "";
    return [
      {
        key,
        code,
        remedy,
        severity,
        ignored,
        means,
        why: all.every((one) => one.why === why) ? why : null,
        count: all.length,
        shown: all.slice(0, MOST_SHOWN),
        acts: [...new Set(all.flatMap(({ acts }) => acts))].filter((act) => TOGETHER.has(act)),
      },
    ];
  });
}

/** What is done about a group is done about an inbox, a folder of it, or a rolled-back set; a photo is seen to by itself. */
function keyOf({ code, severity, ignored, inbox, folder, asideFor, set, photo }: Problem): string {
  const isOfFolder = severity === "waiting" || code === "context.invalid";
  const place = isOfFolder ? `${inbox}/${folder}` : (inbox ?? "");
  return JSON.stringify([code, ignored, place, asideFor, photo === null ? set : null]);
}
