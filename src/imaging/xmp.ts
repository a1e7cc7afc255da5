/**
 * Reads XMP packets and sidecars: XML that says RDF. Only what is well-formed is read, up to the first mistake; document
 * types and entities of their own are not honoured, so that nothing in a hostile file can grow or reach out.
 */

export const NS = {
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  xml: "http://www.w3.org/XML/1998/namespace",
  dc: "http://purl.org/dc/elements/1.1/",
  xmp: "http://ns.adobe.com/xap/1.0/",
  exif: "http://ns.adobe.com/exif/1.0/",
  photoshop: "http://ns.adobe.com/photoshop/1.0/",
  lightroom: "http://ns.adobe.com/lightroom/1.0/",
  iptcCore: "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
  iptcExt: "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
  regions: "http://www.metadataworkinggroup.com/schemas/regions/",
  googleCamera: "http://ns.google.com/photos/1.0/camera/",
} as const;

/** The value of a property: a text, a list, or fields by namespace and name. */
export interface XmpValue {
  readonly text: string;
  readonly items: readonly XmpValue[];
  readonly fields: ReadonlyMap<string, XmpValue>;
  /** `x-default`, `en-US`; for one of several languages */
  readonly language: string | null;
}

/** Properties by `namespace name`; ask with `property`. */
export type Xmp = ReadonlyMap<string, XmpValue>;

const MAX_BYTES = 8_000_000;
const MAX_DEPTH = 64;

/** @param bytes UTF-8; UTF-16 with a byte order mark is read too */
export function readXmp(bytes: Uint8Array): Xmp {
  const properties = new Map<string, XmpValue>();
  const root = parse(decoded(bytes.subarray(0, MAX_BYTES)));
  for (const description of descriptionsIn(root))
    for (const [name, value] of fieldsOf(description)) if (!properties.has(name)) properties.set(name, value);
  return properties;
}

export const property = (xmp: Xmp, namespace: string, name: string): XmpValue | undefined =>
  xmp.get(`${namespace} ${name}`);

function decoded(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

interface Element {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly { readonly namespace: string; readonly name: string; readonly value: string }[];
  readonly children: Element[];
  text: string;
}

const isRdf = ({ namespace, name }: { namespace: string; name: string }, ...names: string[]): boolean =>
  namespace === NS.rdf && names.includes(name);

function descriptionsIn(element: Element): Element[] {
  if (isRdf(element, "RDF")) return element.children.filter((child) => isRdf(child, "Description"));
  return element.children.flatMap(descriptionsIn);
}

/** Attributes and children of a description are the same thing, written in two ways. */
function fieldsOf(description: Element): [string, XmpValue][] {
  const short = description.attributes
    .filter(({ namespace }) => namespace !== "" && namespace !== NS.rdf && namespace !== NS.xml)
    .map(({ namespace, name, value }): [string, XmpValue] => [`${namespace} ${name}`, textValue(value, null)]);
  return [
    ...short,
    ...description.children.map((child): [string, XmpValue] => [`${child.namespace} ${child.name}`, valueIn(child)]),
  ];
}

const textValue = (text: string, language: string | null): XmpValue => ({
  text,
  items: [],
  fields: new Map(),
  language,
});

function valueIn(element: Element): XmpValue {
  const language =
    element.attributes.find(({ namespace, name }) => namespace === NS.xml && name === "lang")?.value ?? null;
  const list = element.children.find((child) => isRdf(child, "Bag", "Seq", "Alt"));
  if (list !== undefined)
    return { ...textValue("", language), items: list.children.filter((child) => isRdf(child, "li")).map(valueIn) };
  const inner = element.children.find((child) => isRdf(child, "Description")) ?? element;
  const fields = new Map(fieldsOf(inner));
  return { text: element.text, items: [], fields, language };
}

interface Open {
  readonly element: Element;
  /** as written, to be closed by the same */
  readonly tag: string;
  readonly prefixes: ReadonlyMap<string, string>;
}

/** @returns the document; what comes after the first mistake is missing */
function parse(text: string): Element {
  const root: Element = { namespace: "", name: "", attributes: [], children: [], text: "" };
  const open: Open[] = [{ element: root, tag: "", prefixes: new Map([["xml", NS.xml]]) }];
  for (let at = 0; at < text.length; ) {
    const next = step(text, at, open);
    if (next === undefined) return root;
    at = next;
  }
  return root;
}

/** Asides: what stands between these is skipped, or taken as text. */
const ASIDES: readonly (readonly [start: string, end: string, isText: boolean])[] = [
  ["<!--", "-->", false],
  ["<?", "?>", false],
  ["<![CDATA[", "]]>", true],
];

/** @returns where the next step begins; undefined at a mistake */
function step(text: string, at: number, open: Open[]): number | undefined {
  const top = open.at(-1);
  if (top === undefined) return undefined;
  if (text[at] !== "<") {
    const end = text.indexOf("<", at);
    top.element.text += unescaped(text.slice(at, end < 0 ? text.length : end));
    return end < 0 ? text.length : end;
  }
  for (const [start, end, isText] of ASIDES) {
    if (!text.startsWith(start, at)) continue;
    const until = text.indexOf(end, at + start.length);
    if (until >= 0 && isText) top.element.text += text.slice(at + start.length, until);
    return until < 0 ? undefined : until + end.length;
  }
  return tagAt(text, at, open, top);
}

const TAG = /<(\/?)([^\s<>/="'!?]+)([^<>"']*(?:(?:"[^"<]*"|'[^'<]*')[^<>"']*)*)>/y;
const ATTRIBUTE = /([^\s<>/="']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function tagAt(text: string, at: number, open: Open[], top: Open): number | undefined {
  TAG.lastIndex = at;
  const [whole, slash, tag = "", rest = ""] = TAG.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (slash === "/") {
    if (tag !== top.tag || open.length === 1) return undefined;
    open.pop();
    return at + whole.length;
  }
  if (open.length > MAX_DEPTH) return undefined;
  const opened = elementOf(tag, rest, top.prefixes);
  top.element.children.push(opened.element);
  if (!rest.trimEnd().endsWith("/")) open.push(opened);
  return at + whole.length;
}

function elementOf(tag: string, rest: string, outer: Open["prefixes"]): Open {
  const written = [...rest.matchAll(ATTRIBUTE)].map(([, name = "", double, single]) => ({
    name,
    value: unescaped(double ?? single ?? ""),
  }));
  const declared = written.filter(({ name }) => /^xmlns(:|$)/.test(name));
  const prefixes =
    declared.length === 0
      ? outer
      : new Map([...outer, ...declared.map(({ name, value }) => [name.slice("xmlns:".length), value] as const)]);
  const resolve = (name: string): { readonly namespace: string; readonly name: string } => {
    const colon = name.indexOf(":");
    return { namespace: prefixes.get(name.slice(0, Math.max(0, colon))) ?? "", name: name.slice(colon + 1) };
  };
  const attributes = written
    .filter(({ name }) => !/^xmlns(:|$)/.test(name))
    .map(({ name, value }) => ({ ...(name.includes(":") ? resolve(name) : { namespace: "", name }), value }));
  return { element: { ...resolve(tag), attributes, children: [], text: "" }, tag, prefixes };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replaceAll(/&(#x?[0-9a-f]{1,6}|[a-z]{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const code = name[1] === "x" || name[1] === "X" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return Number.isInteger(code) && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
