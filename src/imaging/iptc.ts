import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Facts, Origin } from "../domain/facts.ts";
import type { Sidecars } from "../domain/ports.ts";
import { plainText } from "../domain/words.ts";
import { type Iim, readIim } from "./iim.ts";
import { sharp } from "./sharp.ts";
import { NS, property, readXmp, type Xmp, type XmpValue } from "./xmp.ts";

const MAX_SIDECAR_BYTES = 8_000_000;
const MAX_TEXT_BYTES = 65_536;
/** Longest of what is kept, in characters; a press caption is seldom longer than 1,000. */
const MAX_CAPTION = 2_000;
const MAX_LINE = 250;
const MAX_WORD = 64;
const MAX_ITEMS = 200;

/** One place where words were found. */
interface Source {
  readonly from: Origin;
  readonly xmp: Xmp;
  readonly iim: Iim;
  /** a text file beside the photo */
  readonly text: string;
}

const NOTHING = { xmp: new Map(), iim: new Map(), text: "" };

/**
 * What somebody already wrote, field by field from the first place that has it: the XMP sidecar, the text file beside the
 * photo, the XMP in the file, its IPTC-IIM. Nothing in there can refuse a photo: what does not read is missing.
 *
 * @param blocks folder with what was taken out of a RAW; null for what opens by itself
 */
export async function readIptc(file: string, blocks: string | null, sidecars: Sidecars): Promise<Facts["iptc"]> {
  const own = blocks === null ? await embeddedBlocks(file) : await extractedBlocks(blocks);
  const xmp = { ...NOTHING, from: "file" as const, xmp: own.xmp === undefined ? new Map() : readXmp(own.xmp) };
  const iim = { ...NOTHING, from: "file" as const, iim: own.iptc === undefined ? new Map() : readIim(own.iptc) };
  return written([...(await besides(sidecars)), xmp, iim]);
}

async function besides({ xmp, text }: Sidecars): Promise<Source[]> {
  const bytes = xmp === null ? undefined : await startOf(xmp, MAX_SIDECAR_BYTES);
  const words = text === null ? undefined : await startOf(text, MAX_TEXT_BYTES);
  return [
    ...(bytes === undefined ? [] : [{ ...NOTHING, from: "sidecar" as const, xmp: readXmp(bytes) }]),
    ...(words === undefined ? [] : [{ ...NOTHING, from: "sidecar" as const, text: decoded(words) }]),
  ];
}

interface Blocks {
  readonly xmp?: Buffer | undefined;
  readonly iptc?: Buffer | undefined;
}

async function embeddedBlocks(file: string): Promise<Blocks> {
  try {
    const { xmp, iptc } = await sharp(file, { limitInputPixels: false }).metadata();
    return { xmp, iptc };
  } catch {
    return {};
  }
}

async function extractedBlocks(folder: string): Promise<Blocks> {
  const names = await readdir(folder).catch(() => []);
  const block = async (tag: string): Promise<Buffer | undefined> => {
    const name = names.find((one) => one.startsWith(tag));
    return name === undefined ? undefined : startOf(join(folder, name), MAX_SIDECAR_BYTES);
  };
  return { xmp: await block("XMP"), iptc: await block("IPTC") };
}

/** @returns undefined for what cannot be read; a file somebody else wrote may be as large as it likes */
async function startOf(path: string, most: number): Promise<Buffer | undefined> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(most, (await file.stat()).size)));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Numbers of IIM's datasets in record 2. */
const IIM = {
  title: 5,
  keywords: 25,
  creator: 80,
  city: 90,
  sublocation: 92,
  state: 95,
  country: 101,
  headline: 105,
  copyright: 116,
  caption: 120,
} as const;

function written(sources: readonly Source[]): Facts["iptc"] {
  const first = <T>(find: (source: Source) => T | null): { value: T; from: Origin } | null => {
    for (const source of sources) {
      const value = find(source);
      if (value !== null) return { value, from: source.from };
    }
    return null;
  };
  const line = (namespace: string, name: string, dataset?: number, most = MAX_LINE) =>
    first(({ xmp, iim }) => textIn([spoken(property(xmp, namespace, name)), ...(iim.get(dataset ?? 0) ?? [])], most));
  const list = (find: (source: Source) => readonly string[], most = MAX_WORD) =>
    first((source) => listOf(find(source), most));
  return {
    title: line(NS.dc, "title", IIM.title),
    headline: line(NS.photoshop, "Headline", IIM.headline),
    caption: first(({ xmp, iim, text }) =>
      textIn([spoken(property(xmp, NS.dc, "description")), text, ...(iim.get(IIM.caption) ?? [])], MAX_CAPTION),
    ),
    altText: line(NS.iptcCore, "AltTextAccessibility", undefined, MAX_CAPTION),
    keywords: list(({ xmp, iim }) => [...textsIn(property(xmp, NS.dc, "subject")), ...(iim.get(IIM.keywords) ?? [])]),
    hierarchy: list(({ xmp }) => textsIn(property(xmp, NS.lightroom, "hierarchicalSubject")), MAX_LINE),
    rating: first(({ xmp }) => ratingOf(property(xmp, NS.xmp, "Rating")?.text)),
    label: line(NS.xmp, "Label"),
    copyright: line(NS.dc, "rights", IIM.copyright),
    creator: first(({ xmp, iim }) =>
      textIn([textsIn(property(xmp, NS.dc, "creator")).join(", "), (iim.get(IIM.creator) ?? []).join(", ")], MAX_LINE),
    ),
    sublocation: line(NS.iptcCore, "Location", IIM.sublocation),
    city: line(NS.photoshop, "City", IIM.city),
    state: line(NS.photoshop, "State", IIM.state),
    country: line(NS.photoshop, "Country", IIM.country),
    persons: list(({ xmp }) => [...textsIn(property(xmp, NS.iptcExt, "PersonInImage")), ...facesIn(xmp)], MAX_LINE),
  };
}

function textIn(candidates: readonly string[], most: number): string | null {
  for (const candidate of candidates) {
    const plain = cut(plainText(candidate.slice(0, most * 4)), most);
    if (plain !== "") return plain;
  }
  return null;
}

/** Never in the middle of a character that takes two code units. */
const cut = (text: string, most: number): string =>
  (text.length <= most
    ? text
    : text
        .slice(0, most)
        .replace(/[\ud800-\udbff]$/, "")
        .trimEnd()
  ).toWellFormed();

function listOf(words: readonly string[], most: number): string[] | null {
  const plain = words.slice(0, MAX_ITEMS * 2).map((word) => cut(plainText(word.slice(0, most * 4)), most));
  const once = [...new Set(plain)].filter((word) => word !== "").slice(0, MAX_ITEMS);
  return once.length === 0 ? null : once;
}

/** A text in one language: the one that is meant for everybody, else the first. */
function spoken(value: XmpValue | undefined): string {
  if (value === undefined) return "";
  const chosen = value.items.find(({ language }) => language === "x-default") ?? value.items[0] ?? value;
  return chosen.text;
}

const textsIn = (value: XmpValue | undefined): string[] =>
  value === undefined ? [] : value.items.length > 0 ? value.items.map(({ text }) => text) : [value.text];

/** Names of the faces somebody marked. */
function facesIn(xmp: Xmp): string[] {
  const regions = property(property(xmp, NS.regions, "Regions")?.fields ?? new Map(), NS.regions, "RegionList");
  return (regions?.items ?? [])
    .filter(({ fields }) => (property(fields, NS.regions, "Type")?.text ?? "Face") === "Face")
    .map(({ fields }) => property(fields, NS.regions, "Name")?.text ?? "");
}

function ratingOf(text: string | undefined): number | null {
  const rating = text === undefined || text.trim() === "" ? Number.NaN : Math.round(Number(text));
  return rating >= -1 && rating <= 5 ? rating : null;
}
