/** How files come into an inbox: each story is one kind of drop, told anew by chance. */
import type { Millis } from "../../../src/domain/words.ts";
import { type Album, PICTURE_KINDS, type Picture, type PictureKind, tellsItsEnd } from "./pictures.ts";
import { type Act, nameOf, type Script, type Times } from "./script.ts";

/** What a story is told with. */
interface Pen {
  readonly number: number;
  readonly random: () => number;
  readonly album: Album;
  readonly times: Times;
  readonly acts: Act[];
  /** pictures drawn so far */
  drawn: number;
  /** when the next act is */
  at: Millis;
}

const between = ({ random }: Pen, least: number, most: number): number => least + random() * (most - least);
const upTo = (pen: Pen, most: number): number => Math.floor(pen.random() * most);
const isOnceIn = (pen: Pen, times: number): boolean => upTo(pen, times) === 0;
function one<T>(pen: Pen, of: readonly [T, ...T[]]): T {
  return of[upTo(pen, of.length)] ?? of[0];
}

const pause = (pen: Pen, ms: Millis): void => {
  pen.at += Math.round(ms);
};
type Undated = Act extends infer A ? (A extends Act ? Omit<A, "at"> : never) : never;
function act(pen: Pen, what: Undated): void {
  pen.acts.push({ ...what, at: pen.at });
}

/** Four in ten are plain camera JPEGs with a thumbnail in them. */
const KINDS: readonly [PictureKind, ...PictureKind[]] = ["thumbnail", "thumbnail", "thumbnail", ...PICTURE_KINDS];
function draw(pen: Pen, kind = one(pen, KINDS)): Picture {
  pen.drawn += 1;
  return pen.album.picture(kind, `${nameOf(pen.number)} ${pen.drawn}${"+".repeat(upTo(pen, 9))}`);
}

const folderOf = (pen: Pen, name = "Gulls"): string => `inbox/${nameOf(pen.number)} ${name}`;
const fileOf = (folder: string, n: number, { extension }: Picture): string => `${folder}/IMG_${n}.${extension}`;

// --- one file ---------------------------------------------------------------------------------------------------------

/** Whether a file that is written this way says that its end is missing. */
const MANNERS = {
  "at once": () => true,
  slow: tellsItsEnd,
  paused: tellsItsEnd,
  // A WebP says how long it is, and it is that long already.
  preallocated: (kind: PictureKind) => tellsItsEnd(kind) && kind !== "webp",
  "zero-tailed": (kind: PictureKind) => tellsItsEnd(kind) && kind !== "webp",
} as const;
type Manner = keyof typeof MANNERS;
const MANNER_NAMES: readonly [Manner, ...Manner[]] = ["at once", "slow", "paused", "preallocated", "zero-tailed"];

const TEMPORARY = [".part", ".filepart", ".crdownload", "~", ".tmp"] as const;

/** Writes a picture; a third of them under a temporary name first. */
function write(pen: Pen, path: string, picture: Picture, manner = one(pen, MANNER_NAMES)): void {
  if (!isOnceIn(pen, 3)) {
    writePlainly(pen, path, picture, manner);
    return;
  }
  const [folder, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
  const temporary = isOnceIn(pen, 4) ? `${folder}/.${name}.Xq3` : path + one(pen, TEMPORARY);
  writePlainly(pen, temporary, picture, manner);
  pause(pen, between(pen, 0, pen.times.quietMs * 2));
  act(pen, { do: "rename", from: temporary, to: path });
}

function writePlainly(pen: Pen, path: string, picture: Picture, manner: Manner): void {
  const tells = MANNERS[manner](picture.kind);
  const whole = picture.bytes.length;
  const cuts = manner === "at once" ? [] : cutsOf(pen, picture);
  const stop = upTo(pen, cuts.length);
  if (manner === "preallocated") act(pen, { do: "size", path, bytes: whole, ends: false, tells });
  if (manner === "preallocated" && isOnceIn(pen, 2)) stall(pen, tells);
  let from = 0;
  for (const [i, to] of [...cuts, whole].entries()) {
    const ends = to === whole;
    act(pen, { do: "write", path, offset: from, bytes: picture.bytes.subarray(from, to), ends, tells });
    if (manner === "zero-tailed" && !ends)
      act(pen, { do: "size", path, bytes: Math.min(whole, to + 5_000), ends: false, tells });
    if (ends) break;
    if (manner !== "slow" && i === stop) stall(pen, tells);
    else pause(pen, between(pen, 0.02, 0.6) * pen.times.quietMs);
    from = to;
  }
  // What was cut off anywhere else goes on at once.
}

/** Where a writer stops for a moment: anywhere, and where a cut file looks most like a whole one. */
function cutsOf(pen: Pen, { bytes, traps }: Picture): number[] {
  const some = Array.from({ length: 1 + upTo(pen, 5) }, () => 1 + upTo(pen, bytes.length - 1));
  const trap = isOnceIn(pen, 2) ? [traps[upTo(pen, traps.length)] ?? 1] : [];
  return [...new Set([...some, ...trap])].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b);
}

/** A pause that a watcher must sit out: below its patience where the file says that more is to come, else below its quiet time. */
function stall(pen: Pen, tells: boolean): void {
  const { quietMs, patienceMs, marginMs } = pen.times;
  const limit = quietMs + patienceMs - marginMs;
  pause(
    pen,
    tells
      ? one(pen, [quietMs * 0.5, quietMs * 1.3, between(pen, quietMs, limit), limit])
      : between(pen, 0.1, 0.7) * quietMs,
  );
}

/** Anything between a moment and so long that everything before is taken. */
function whileAway(pen: Pen): void {
  const { quietMs, rescanMs, patienceMs } = pen.times;
  pause(
    pen,
    one(pen, [0.1 * quietMs, between(pen, 0.5, 1.5) * quietMs, 3 * quietMs, rescanMs + 3 * quietMs, patienceMs]),
  );
}

const put = (pen: Pen, path: string, text: string): void =>
  act(pen, { do: "write", path, offset: 0, bytes: Buffer.from(text), ends: true, tells: true });

/** Writes a few pictures, one after another. */
function fill(pen: Pen, folder: string, count = 1 + upTo(pen, 4), first = 1): string[] {
  return Array.from({ length: count }, (_, i) => {
    const picture = draw(pen);
    const path = fileOf(folder, first + i, picture);
    write(pen, path, picture);
    pause(pen, between(pen, 0, 0.4) * pen.times.quietMs);
    return path;
  });
}

/** Writes other content over a file that is there: shorter or longer, with a moment in which it is neither. */
function rewrite(pen: Pen, path: string, picture: Picture): void {
  const tells = tellsItsEnd(picture.kind);
  act(pen, { do: "size", path, bytes: 0, ends: false, tells: true });
  if (isOnceIn(pen, 2)) stall(pen, true);
  const half = upTo(pen, picture.bytes.length);
  if (half > 0) {
    act(pen, { do: "write", path, offset: 0, bytes: picture.bytes.subarray(0, half), ends: false, tells });
    stall(pen, tells);
  }
  act(pen, { do: "write", path, offset: half, bytes: picture.bytes.subarray(half), ends: true, tells });
}

// --- stories ----------------------------------------------------------------------------------------------------------

type Story = (pen: Pen) => void;

const inManner =
  (manner: Manner): Story =>
  (pen) => {
    const folder = folderOf(pen);
    for (let n = 1; n <= 1 + upTo(pen, 4); n += 1) {
      const picture = draw(pen);
      writePlainly(pen, fileOf(folder, n, picture), picture, manner);
      pause(pen, between(pen, 0, 0.5) * pen.times.quietMs);
    }
  };

export const STORIES = {
  "at once": inManner("at once"),
  slow: inManner("slow"),
  paused: inManner("paused"),
  preallocated: inManner("preallocated"),
  "zero-tailed": inManner("zero-tailed"),
  mixed: (pen) => void fill(pen, folderOf(pen), 2 + upTo(pen, 5)),
  "loose files": (pen) => {
    for (let n = 1; n <= 1 + upTo(pen, 3); n += 1) {
      const picture = draw(pen);
      write(pen, `inbox/${nameOf(pen.number)}_${n}.${picture.extension}`, picture);
    }
  },
  "temporary names": (pen) => {
    const folder = folderOf(pen);
    for (const [n, suffix] of TEMPORARY.entries()) {
      const picture = draw(pen);
      const path = fileOf(folder, n, picture);
      writePlainly(pen, path + suffix, picture, one(pen, MANNER_NAMES));
      pause(pen, between(pen, 0, 2) * pen.times.quietMs);
      act(pen, { do: "rename", from: path + suffix, to: path });
    }
  },
  "the same twice": (pen) => {
    const [first = ""] = fill(pen, folderOf(pen), 2);
    whileAway(pen);
    const picture = draw(pen, "jpeg");
    write(pen, `${folderOf(pen)}/IMG_8.JPG`, picture);
    if (isOnceIn(pen, 2)) whileAway(pen);
    write(
      pen,
      isOnceIn(pen, 2) ? `${folderOf(pen)}/copy of IMG_8.JPG` : `${folderOf(pen, "Copies")}/IMG_8.JPG`,
      picture,
    );
    if (isOnceIn(pen, 3)) act(pen, { do: "remove", path: first });
  },
  "the first of two copies deleted": (pen) => {
    const picture = draw(pen);
    const path = fileOf(folderOf(pen), 1, picture);
    write(pen, path, picture, "at once");
    write(pen, fileOf(folderOf(pen, "Copies"), 1, picture), picture, "at once");
    // At the very moment at which they are taken, or anywhen.
    if (isOnceIn(pen, 2)) pause(pen, between(pen, 1, 1.7) * pen.times.quietMs);
    else whileAway(pen);
    act(pen, { do: "remove", path });
  },
  "the first of two copies rewritten": (pen) => {
    const picture = draw(pen);
    const path = fileOf(folderOf(pen), 1, picture);
    write(pen, path, picture);
    write(pen, fileOf(folderOf(pen, "Copies"), 1, picture), picture);
    whileAway(pen);
    rewrite(pen, path, draw(pen, picture.kind));
  },
  "rewritten in place": (pen) => {
    for (const path of fill(pen, folderOf(pen))) {
      whileAway(pen);
      rewrite(pen, path, draw(pen));
    }
  },
  "rewritten and restored": (pen) => {
    const picture = draw(pen, "jpeg");
    const path = fileOf(folderOf(pen), 1, picture);
    const restoreTime = isOnceIn(pen, 2);
    const restored = (): void => {
      if (restoreTime) act(pen, { do: "mtime", path, ms: 1_700_000_000_000 + pen.number });
    };
    write(pen, path, picture);
    restored();
    whileAway(pen);
    rewrite(pen, path, draw(pen, "jpeg"));
    whileAway(pen);
    rewrite(pen, path, picture);
    restored();
  },
  "replaced by a rename": (pen) => {
    for (const path of fill(pen, folderOf(pen), 2)) {
      whileAway(pen);
      writePlainly(pen, `${path}.tmp`, draw(pen), one(pen, MANNER_NAMES));
      act(pen, { do: "rename", from: `${path}.tmp`, to: path });
    }
  },
  "names exchanged": (pen) => {
    const [a = "", b = ""] = fill(pen, folderOf(pen), 2);
    whileAway(pen);
    act(pen, { do: "rename", from: a, to: `${a}.tmp` });
    act(pen, { do: "rename", from: b, to: a });
    act(pen, { do: "rename", from: `${a}.tmp`, to: b });
  },
  "deleted before it is done": (pen) => {
    const folder = folderOf(pen);
    const picture = draw(pen);
    const path = fileOf(folder, 9, picture);
    const cut = 1 + upTo(pen, picture.bytes.length - 1);
    const tells = tellsItsEnd(picture.kind);
    act(pen, { do: "write", path, offset: 0, bytes: picture.bytes.subarray(0, cut), ends: false, tells });
    stall(pen, tells);
    act(pen, { do: "remove", path });
    fill(pen, folder, 1 + upTo(pen, 2));
  },
  "deleted and written again": (pen) => {
    const picture = draw(pen);
    const path = fileOf(folderOf(pen), 1, picture);
    write(pen, path, picture);
    whileAway(pen);
    act(pen, { do: "remove", path });
    whileAway(pen);
    write(pen, path, isOnceIn(pen, 2) ? picture : draw(pen, picture.kind));
  },
  "killed writer": (pen) => {
    const folder = folderOf(pen);
    fill(pen, folder, upTo(pen, 3));
    const picture = draw(pen);
    const path = fileOf(folder, 9, picture);
    const tells = tellsItsEnd(picture.kind);
    const cut = one(pen, [
      picture.traps[upTo(pen, picture.traps.length)] ?? 1,
      1 + upTo(pen, picture.bytes.length - 1),
    ]);
    if (isOnceIn(pen, 2))
      act(pen, { do: "size", path, bytes: picture.bytes.length, ends: false, tells: tells && picture.kind !== "webp" });
    const stillTells = tells && !(picture.kind === "webp" && pen.acts.at(-1)?.do === "size");
    act(pen, { do: "write", path, offset: 0, bytes: picture.bytes.subarray(0, cut), ends: false, tells: stillTells });
    act(pen, { do: "die", number: pen.number });
  },
  "companion first": (pen) => {
    const picture = draw(pen);
    const path = fileOf(folderOf(pen), 1, picture);
    put(pen, `${folderOf(pen)}/${one(pen, [`IMG_1.${picture.extension}.xmp`, "img_1.xmp"])}`, `<xmp ${pen.number}/>`);
    whileAway(pen);
    write(pen, path, picture);
  },
  "companion last": (pen) => {
    const [path = ""] = fill(pen, folderOf(pen));
    whileAway(pen);
    put(pen, `${path}.xmp`, `<xmp ${pen.number}/>`);
  },
  "companion of nothing": (pen) => {
    fill(pen, folderOf(pen));
    put(pen, `${folderOf(pen)}/DSC_77.xmp`, "<xmp/>");
    put(pen, `${folderOf(pen)}/notes.docx`, "no photo");
  },
  "raw and jpeg": (pen) => {
    const pair = [draw(pen, "raw"), draw(pen, one(pen, ["jpeg", "thumbnail"]))];
    for (const picture of isOnceIn(pen, 2) ? pair : pair.toReversed()) {
      write(pen, fileOf(folderOf(pen), 1, picture), picture);
      if (isOnceIn(pen, 2)) whileAway(pen);
    }
  },
  "late files": (pen) => {
    const folder = folderOf(pen);
    fill(pen, folder);
    whileAway(pen);
    if (isOnceIn(pen, 2)) act(pen, { do: "decide", folder });
    fill(pen, folder, 2, 20);
  },
  "a folder moved in": (pen) => {
    const outside = folderOf(pen).replace("inbox/", "elsewhere/");
    fill(pen, outside);
    if (isOnceIn(pen, 3)) put(pen, `${outside}/_DONE`, "");
    act(pen, { do: "rename", from: outside, to: folderOf(pen) });
  },
  "a folder renamed": (pen) => {
    fill(pen, folderOf(pen), 2 + upTo(pen, 3));
    whileAway(pen);
    act(pen, { do: "rename", from: folderOf(pen), to: folderOf(pen, "Gulls, Texel") });
    if (isOnceIn(pen, 2)) fill(pen, folderOf(pen, "Gulls, Texel"), 1, 30);
  },
  "a file moved": (pen) => {
    const [path = ""] = fill(pen, folderOf(pen), 2);
    whileAway(pen);
    act(pen, { do: "rename", from: path, to: path.replace("Gulls/", "Best/") });
  },
  "a sign last": (pen) => {
    fill(pen, folderOf(pen));
    put(pen, `${folderOf(pen)}/${one(pen, ["_DONE", "photogate.yaml"])}`, "");
    if (isOnceIn(pen, 2)) fill(pen, folderOf(pen), 1, 40);
  },
  "a sign first": (pen) => {
    put(pen, `${folderOf(pen)}/${one(pen, ["_DONE", "photogate.yaml"])}`, "");
    if (isOnceIn(pen, 2)) whileAway(pen);
    fill(pen, folderOf(pen));
  },
  "time set back": (pen) => {
    for (const path of fill(pen, folderOf(pen))) {
      if (isOnceIn(pen, 2)) whileAway(pen);
      act(pen, { do: "mtime", path, ms: 1_600_000_000_000 + upTo(pen, 1e9) });
    }
  },
  "two cards": (pen) => {
    for (const name of ["Card 1", "Card 2"]) {
      const picture = draw(pen, "thumbnail");
      write(pen, fileOf(folderOf(pen, name), 1, picture), picture);
    }
  },
  "hold, then go": (pen) => {
    const folder = folderOf(pen);
    const [least] = fill(pen, folder, 1);
    if (least !== undefined) act(pen, { do: "hold", folder });
    whileAway(pen);
    fill(pen, folder, 1 + upTo(pen, 2), 50);
    act(pen, { do: "go", folder });
    if (isOnceIn(pen, 2)) fill(pen, folder, 1, 60);
  },
} as const satisfies Record<string, Story>;

export type StoryName = keyof typeof STORIES;
const isStory = (name: string): name is StoryName => Object.hasOwn(STORIES, name);
export const STORY_NAMES: readonly StoryName[] = Object.keys(STORIES).filter(isStory);

/** What a story is told with anew. */
export interface Telling {
  readonly random: () => number;
  readonly album: Album;
  readonly times: Times;
}

export function tell(story: StoryName, number: number, { random, album, times }: Telling): Script {
  const pen: Pen = { number, random, album, times, acts: [], drawn: 0, at: 0 };
  const isVisible = isOnceIn(pen, 2);
  STORIES[story](pen);
  return { number, story, isVisible, acts: pen.acts };
}
