/** The checks. Those of `checkAfterKill` hold at any moment; those of `checkIdle` once everything has come to rest. */
import { basename, join } from "node:path";
import { foldedKey, nameFlaw } from "../../src/domain/naming.ts";
import { approvalText } from "../../src/domain/review.ts";
import { isPart } from "../../src/files.ts";
import { stageOrder } from "../../src/stages/index.ts";
import type { Ack } from "./owner.ts";
import { filesBelow, type Original, originalAt, sha256 } from "./scenario.ts";
import type { HomeState, PhotoState } from "./state.ts";
import type { Tally } from "./tally.ts";

export interface Expected {
  readonly originals: readonly Original[];
  readonly acks: readonly Ack[];
}

export function checkAfterKill(state: HomeState, expected: Expected, tally: Tally): void {
  checkOriginals(state.home, expected.originals, tally);
  checkPhotos(state, tally);
  checkNames(state, tally);
  checkJournal(state, tally);
  checkFacts(state, tally);
  checkApprovals(state, tally);
  checkSite(state, tally);
  checkMirror(state, tally);
  checkAcks(state, expected.acks, tally);
  checkDatabase(state, tally);
  checkSetStages(state, tally);
}

export function checkIdle(state: HomeState, expected: Expected, tally: Tally): void {
  for (const { path } of expected.originals) {
    const photos = state.photos.filter(({ source }) => source === path);
    tally.check("I02", photos.length === 1, () => `${path} has ${photos.length} photos`);
  }
  const unnamed = state.names.filter(
    ({ photo_id }) => !state.photos.some((one) => one.id === photo_id && one.facts.name),
  );
  tally.check("I03", unnamed.length === 0, () => `reserved for nobody: ${unnamed.map(({ name }) => name).join(", ")}`);
  sameList("I05", "working folder", [...state.work.keys()], state.photos.flatMap(workingFiles), tally);
  const leftovers = filesBelow(state.home).filter((path) => isPart(basename(path)));
  tally.check("I05", leftovers.length === 0, () => `left behind: ${leftovers.join(", ")}`);
  sameList("I07", "site", [...state.site.keys()], state.photos.flatMap(publishedPaths(state.home)), tally);
  sameList(
    "I08",
    "catalogue",
    state.mirror.map((row) => row.File_Name),
    state.photos.flatMap(({ facts }) => (facts.publish && facts.review ? [facts.review.final.name] : [])),
    tally,
  );
}

/** After the rollback of a set, before it is taken in anew. */
export function checkRolledBack(state: HomeState, set: string, expected: Expected, tally: Tally): void {
  checkOriginals(state.home, expected.originals, tally);
  const photos = state.photos.filter(({ setId }) => setId === set);
  tally.check("I12", photos.length === 0, () => `${set} still has ${photos.length} photos`);
  const ids = new Set(state.photos.map(({ id }) => id));
  const names = state.names.filter(({ photo_id }) => !ids.has(photo_id));
  tally.check("I12", names.length === 0, () => `names of ${set} are still reserved`);
  const work = [...state.work.keys()].filter((path) => !ids.has(Number(path.split("/")[0])));
  tally.check("I12", work.length === 0, () => `working files of ${set} are left: ${work.join(", ")}`);
  const aside = [...state.aside.values()].filter((asideFor) => asideFor === set).length;
  tally.check("I12", aside === expected.originals.length / 2, () => `${aside} files are set aside for ${set}`);
}

export function checkOriginals(home: string, originals: readonly Original[], tally: Tally): void {
  for (const original of originals) {
    const now = originalAt(home, original.path);
    tally.check(
      "I01",
      now.sha256 === original.sha256 && now.mtimeMs === original.mtimeMs,
      () => `${original.path} has ${now.bytes} bytes of ${now.mtimeMs}, not ${original.bytes} of ${original.mtimeMs}`,
    );
  }
}

function checkPhotos({ photos }: HomeState, tally: Tally): void {
  const doubles = photos.filter(({ id, source }) => photos.some((other) => other.id !== id && other.source === source));
  tally.check("I02", doubles.length === 0, () => `twice: ${doubles.map(({ source }) => source).join(", ")}`);
}

function checkNames({ names, photos }: HomeState, tally: Tally): void {
  const keys = new Set(names.map(({ name }) => foldedKey(name)));
  tally.check("I03", keys.size === names.length, () => `${names.length} names, ${keys.size} when folded`);
  for (const { name, key, photo_id } of names) {
    tally.check("I03", nameFlaw(name) === undefined, () => `${name}: ${nameFlaw(name)}`);
    tally.check("I03", key === foldedKey(name), () => `${name} is kept under ${key}`);
    tally.check(
      "I03",
      photos.some(({ id }) => id === photo_id),
      () => `${name} belongs to no photo`,
    );
  }
  for (const { source, name, facts, edits, goes } of photos) {
    if (facts.name === undefined || goes) continue;
    const wanted = facts.review?.final.name ?? edits["name"] ?? facts.name.name;
    tally.check("I03", name === wanted, () => `${source} is called ${wanted}, the ledger says ${name}`);
  }
}

function checkJournal({ journal, brokenAt, photos }: HomeState, tally: Tally): void {
  const gap = journal.findIndex(({ seq }, i) => seq !== i + 1);
  tally.check("I04", gap < 0, () => `a gap before line ${journal[gap]?.seq}`);
  tally.check("I04", brokenAt === undefined, () => `the chain breaks at line ${brokenAt}`);
  const done = new Map<number, string[]>();
  for (const { kind, photo_id, data } of journal) {
    if (kind !== "stage.done" && kind !== "stage.forgotten") continue;
    const { stage }: { stage: string } = JSON.parse(data);
    const photo = photo_id ?? 0;
    const so = done.get(photo) ?? [];
    const expected = kind === "stage.done" ? stageOrder[so.length] : so.at(-1);
    tally.check("I04", stage === expected, () => `photo ${photo}: ${kind} ${stage} after ${so.join(", ")}`);
    done.set(photo, kind === "stage.done" ? [...so, stage] : so.slice(0, -1));
  }
  for (const { id, source, facts } of photos) {
    const told = done.get(id) ?? [];
    const has = stageOrder.filter((stage) => facts[stage] !== undefined);
    tally.check(
      "I04",
      told.join() === has.join(),
      () => `${source} has ${has.join(", ")}; the journal tells of ${told.join(", ")}`,
    );
  }
}

function checkFacts(state: HomeState, tally: Tally): void {
  const there = (photo: PhotoState, of: string, hash: string | undefined, wanted: string): void =>
    tally.check(
      "I05",
      hash === wanted,
      () => `${photo.source}: ${of} is ${hash === undefined ? "missing" : "another file"}`,
    );
  for (const photo of state.photos.filter(({ goes }) => !goes)) {
    const { ingest, look, publish, archive } = photo.facts;
    const work = (file: string): string | undefined => state.work.get(`${photo.id}/${file}`);
    if (ingest) there(photo, ingest.file, work(ingest.file), ingest.sha256);
    for (const preview of Object.values(look?.previews ?? {}))
      there(photo, preview.file, work(preview.file), preview.sha256);
    for (const file of publish ? [publish.full, publish.thumb] : [])
      there(photo, file.path, state.site.get(below(state.home, "site", file.path)), file.sha256);
    if (archive?.copy != null)
      there(photo, archive.copy, state.archive.get(below(state.home, "archive", archive.copy)), ingest?.sha256 ?? "");
  }
}

function checkApprovals({ photos, journal }: HomeState, tally: Tally): void {
  for (const { id, source, facts } of photos) {
    if (facts.publish) tally.check("I06", facts.review !== undefined, () => `${source} is published without review`);
    if (facts.review === undefined) continue;
    const { hash, final } = facts.review;
    const content = sha256(approvalText(facts.ingest?.sha256 ?? "", final));
    tally.check("I06", content === hash, () => `${source}: what is released is not what the hash stands for`);
    const released = journal.findIndex(
      ({ kind, data }) => kind === "release.made" && data.includes(`[${id},"${hash}"]`),
    );
    const before = journal
      .slice(0, Math.max(released, 0))
      .filter(({ kind, photo_id }) => photo_id === id && isReview(kind));
    const last = before.at(-1);
    const isApproval =
      last?.kind === "review.verdict" && last.data.includes(`"after":{"verdict":"approved","hash":"${hash}"}`);
    tally.check("I06", isApproval, () => `${source} was released after ${last?.kind ?? "nothing"} ${last?.data ?? ""}`);
  }
}

const isReview = (kind: string): boolean => kind.startsWith("review.") || kind === "approval.voided";

function checkSite(state: HomeState, tally: Tally): void {
  const released = new Set(state.photos.flatMap(({ facts }) => (facts.review ? [facts.review.final.name] : [])));
  for (const path of state.site.keys()) {
    const name = basename(path);
    tally.check("I07", isPart(name) || released.has(name), () => `${path} is on the site, and nobody released it`);
  }
}

function checkMirror({ mirror, photos, site }: HomeState, tally: Tally): void {
  tally.check("I08", new Set(mirror.map((row) => row.File_Name)).size === mirror.length, () => "two rows of one name");
  for (const row of mirror) {
    const photo = photos.find(({ facts }) => facts.review?.final.name === row.File_Name);
    tally.check("I08", photo !== undefined, () => `${row.File_Name} was not released`);
    for (const path of [row["Path"], row["Thumb_Path"]])
      tally.check("I08", site.has(decodeURIComponent(String(path).slice(1))), () => `${path} has a row and no file`);
    const final = photo?.facts.review?.final;
    const wanted = final && {
      Caption: final.caption,
      alt_text: final.altText,
      Keywords: final.keywords.join(", "),
      Location: final.location === "" ? null : final.location,
      QR: final.partial ? null : final.qr,
      QC_Status: final.band,
      Original_File_Name: basename(photo?.source ?? ""),
    };
    for (const [column, value] of Object.entries(wanted ?? {}))
      tally.check(
        "I08",
        row[column] === value,
        () => `${row.File_Name}: ${column} is ${row[column]}, approved was ${value}`,
      );
  }
}

function checkAcks(state: HomeState, acks: readonly Ack[], tally: Tally): void {
  for (const ack of acks) tally.check("I11", isKept(state, ack), () => `lost: ${JSON.stringify(ack)}`);
}

function isKept({ journal, opIds, mirror, site }: HomeState, ack: Ack): boolean {
  const told = (kind: string, text: string): boolean =>
    journal.some((line) => line.kind.startsWith(kind) && line.set_id === ack.set && line.data.includes(text));
  switch (ack.kind) {
    case "op":
      return opIds.has(ack.id) && told("review.", `"op":${JSON.stringify(ack.id)}`);
    case "release":
      return told("release.made", `"release":"${ack.release}"`);
    case "published":
      return (
        mirror.some((row) => row.File_Name === ack.name) &&
        [...site.keys()].some((path) => path.endsWith(`/${ack.name}`))
      );
    case "rolled-back":
      return told("set.removed", "");
  }
}

/** "PGAT" */
const APPLICATION_ID = 0x50474154;

function checkDatabase({ pragmas }: HomeState, tally: Tally): void {
  tally.check("I14", pragmas["integrity"] === "ok", () => `integrity: ${pragmas["integrity"]}`);
  const orphans = JSON.stringify(pragmas["foreignKeys"]);
  tally.check("I14", orphans === "[]", () => `foreign keys: ${orphans}`);
  tally.check("I14", pragmas["application"] === APPLICATION_ID, () => `application id: ${pragmas["application"]}`);
  tally.check("I14", pragmas["journal"] === "wal", () => `journal mode: ${pragmas["journal"]}`);
}

const SET_STAGES = ["likeness", "subject", "name"] as const;

function checkSetStages({ photos }: HomeState, tally: Tally): void {
  for (const [set, members] of Map.groupBy(photos, ({ setId }) => setId)) {
    const live = members.filter(({ cull }) => cull === null);
    for (const stage of SET_STAGES) {
      const having = live.filter(({ facts }) => facts[stage] !== undefined).length;
      tally.check(
        "W04",
        having === 0 || having === live.length,
        () => `${set}: ${having} of ${live.length} photos have ${stage}`,
      );
    }
  }
}

function workingFiles({ id, facts: { ingest, look } }: PhotoState): string[] {
  const previews = Object.values(look?.previews ?? {}).map(({ file }) => file);
  const files = [...(ingest ? [ingest.file] : []), ...previews, ...(look ? [look.grey, look.patches] : [])];
  return files.map((file) => `${id}/${file}`);
}

const publishedPaths =
  (home: string) =>
  ({ facts: { publish } }: PhotoState): string[] =>
    publish ? [publish.full, publish.thumb].map(({ path }) => below(home, "site", path)) : [];

const below = (home: string, folder: string, path: string): string =>
  path.slice(join(home, folder).length + 1).replaceAll("\\", "/");

function sameList(
  id: "I05" | "I07" | "I08",
  of: string,
  is: readonly string[],
  wanted: readonly string[],
  tally: Tally,
): void {
  const extra = is.filter((one) => !wanted.includes(one));
  const missing = wanted.filter((one) => !is.includes(one));
  tally.check(id, extra.length === 0, () => `${of}: nobody's ${extra.join(", ")}`);
  tally.check(id, missing.length === 0, () => `${of}: without ${missing.join(", ")}`);
}
