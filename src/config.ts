/** Settings: the package's defaults under the user's own, read and checked once, all mistakes at once. */
import { readFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { z } from "zod";
import { WORDS } from "./domain/context.ts";
import { codeOf, Fault } from "./domain/fault.ts";
import { type Burst, type Kinds, kindsWith } from "./domain/kinds.ts";
import { patternFlaw } from "./domain/naming.ts";
import { CAPTIONERS, ORIGINALS, PUBLISHERS } from "./domain/photo.ts";
import { type InboxProfile, type Profile, profileFor, type ResolvedProfile } from "./domain/profile.ts";
import { ignoreFlaw, MAY_BE_SET_ASIDE } from "./domain/wording.ts";
import { type HouseWording, STOCKS } from "./domain/wording-text.ts";
import { MEGABYTE, plainText, SECOND } from "./domain/words.ts";

export const SETTINGS_FILE = "photogate.jsonc";
const DEFAULTS = fileURLToPath(new URL("../config/default.jsonc", import.meta.url));

const path = z.string().trim().min(1);
const size = z.strictObject({
  width: z.int().min(16).max(20_000),
  height: z.int().min(16).max(20_000),
  quality: z.int().min(1).max(100),
});

const oneOf = <const Names extends readonly [string, ...string[]]>(kind: string, names: Names) =>
  z.enum(names, {
    error: ({ input }) => `there is no ${kind} ${JSON.stringify(input)}; there are: ${names.join(", ")}`,
  });
const known = <T extends z.ZodType>(word: T) => z.array(word).max(10_000).default([]);

/** What an inbox, or some of its sub-folders, may say about their sets. */
const profile = {
  subject: WORDS.subject.optional(),
  location: WORDS.location.optional(),
  category: WORDS.category.optional(),
  copyright: WORDS.copyright.optional(),
  kind: WORDS.kind.optional(),
  taxonomy: z.strictObject({ locations: known(WORDS.location), categories: known(WORDS.category) }).optional(),
  captioner: oneOf("captioner", CAPTIONERS).optional(),
  targets: z
    .array(oneOf("target", PUBLISHERS))
    .min(1)
    .refine((targets) => new Set(targets).size === targets.length, "names a target twice")
    .optional(),
  originals: z.enum(ORIGINALS).optional(),
  quietSeconds: z.number().min(1).max(600).optional(),
};
const folderProfile = z.strictObject({
  match: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^/\\]*$/, "is matched with the name of a first-level sub-folder, so it holds no slash"),
  ...profile,
});
const inbox = z.strictObject({
  path,
  ...profile,
  category: WORDS.category.default("gallery"),
  profiles: z.array(folderProfile).max(100).default([]),
});

/** Where models run, and which one is asked. */
const modelServers = z.strictObject({
  hosts: z
    .array(
      z
        .url({
          protocol: /^https?$/,
          error: 'must be an address like "http://127.0.0.1:11434", without a slash at the end',
        })
        .regex(/[^/]$/, "must have no slash at the end"),
    )
    .max(16)
    .refine((hosts) => new Set(hosts).size === hosts.length, "names a host twice"),
  model: z.string().trim().max(200),
});

const houseWord = z.string().transform(plainText).pipe(z.string().min(2).max(60));
const ignorable = z.string().superRefine((id, context) => {
  const flaw = ignoreFlaw(id);
  if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw, input: id });
});

const word = z.string().transform(plainText).pipe(z.string().min(1).max(40));
const bursts = { burstSeconds: z.number().min(0.1).max(60), burstReviewSeconds: z.number().min(0.1).max(60) };
const inOrder = ({ burstSeconds, burstReviewSeconds }: Burst): boolean => burstSeconds <= burstReviewSeconds;
const outOfOrder = { message: "burstReviewSeconds must not be below burstSeconds" };

/** A kind of sets of the photographer's own, or other words for one of the stock. */
const ownKind = z.strictObject({
  name: WORDS.kind,
  like: WORDS.kind.optional(),
  about: z.string().transform(plainText).pipe(z.string().min(1).max(120)).optional(),
  genre: word.optional(),
  vocabulary: z.array(word).max(40).optional(),
  broader: z.record(word, z.array(word).max(200)).optional(),
  setAside: z
    .array(
      z.enum(MAY_BE_SET_ASIDE, {
        error: ({ input }) =>
          `no rule ${JSON.stringify(input)} that may be set aside; there are: ${MAY_BE_SET_ASIDE.join(", ")}`,
      }),
    )
    .optional(),
  unsaid: z.array(word).max(200).optional(),
  burst: z.strictObject(bursts).refine(inOrder, outOfOrder).optional(),
});

const SettingsSchema = z.strictObject({
  inboxes: z.array(inbox).min(1).max(50),
  settle: z.strictObject({
    quietSeconds: z.number().min(1).max(600),
    networkQuietSeconds: z.number().min(1).max(600),
    patienceSeconds: z.number().min(0).max(3_600),
    rescanSeconds: z.number().min(5).max(3_600),
    networkRescanSeconds: z.number().min(5).max(3_600),
  }),
  look: z.strictObject({
    children: z.int().min(0).max(32),
    maxMegapixels: z.number().min(1).max(1_000),
    limitSeconds: z.number().min(5).max(600),
  }),
  quality: z.strictObject({ plugins: path }),
  likeness: z.strictObject({ ...bursts, semanticCosine: z.number().min(0.5).max(1) }).refine(inOrder, outOfOrder),
  kinds: z.array(ownKind).max(50),
  captioner: z.strictObject({
    ollama: modelServers,
    openai: modelServers,
    allowAway: z.boolean(),
    freeMemory: z.boolean(),
    contextTokens: z.int().min(2_048).max(131_072),
    connectSeconds: z.number().min(1).max(60),
    loadSeconds: z.number().min(10).max(3_600),
    silenceSeconds: z.number().min(5).max(3_600),
    totalSeconds: z.number().min(10).max(3_600),
    testEvery: z.int().min(1).max(1_000),
    identifySeconds: z.number().min(0).max(3_600),
    vocabulary: z.array(word).max(200),
  }),
  wording: z.strictObject({
    language: z.string().regex(/^[a-z]{2}$/, 'must be two letters, like "en"'),
    banned: z.array(houseWord).max(500),
    allowed: z.array(houseWord).max(2_000),
    ignore: z.array(ignorable).max(100),
    stock: oneOf("stock agency", STOCKS).nullable(),
  }),
  snippets: z
    .record(
      z.string().regex(/^[\w-]{1,20}$/, "a snippet's name has letters, digits, _ and -, at most 20"),
      z.string().transform(plainText).pipe(z.string().min(1).max(300)),
    )
    .refine((all) => Object.keys(all).length <= 200, "at most 200 snippets"),
  naming: z.strictObject({
    pattern: z.string().superRefine((pattern, context) => {
      const flaw = patternFlaw(pattern);
      if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw, input: pattern });
    }),
  }),
  publish: z.strictObject({
    folder: path,
    urlBase: z
      .string()
      .regex(/^(https?:\/\/[^\s]*[^\s/])?$/, "must be an http address without a slash at the end, or empty"),
    full: size,
    thumb: size,
    files: z.enum(["folder", "ftp", "sftp"]),
    ftp: z.strictObject({
      host: z.string().max(253),
      port: z.int().min(1).max(65_535),
      user: z.string().max(200),
      security: z.enum(["explicit", "implicit", "none"]),
      plainHost: z.string().max(253),
      fingerprint: z
        .string()
        .regex(/^([0-9a-f]{2}:?){32}$/i, "must be the sha256 of a certificate, 64 hex digits")
        .nullable(),
      folder: z.string().max(500),
      connections: z.int().min(1).max(8),
      silenceSeconds: z.number().min(5).max(600),
    }),
    sftp: z.strictObject({
      host: z.string().max(253),
      port: z.int().min(1).max(65_535),
      user: z.string().max(200),
      key: path.nullable(),
      hostKey: z
        .string()
        .regex(/^(SHA256:[A-Za-z0-9+/]{43})?$/, "must be SHA256: and 43 letters, as ssh-keygen -l prints it"),
      folder: z.string().max(500),
      connections: z.int().min(1).max(8),
      silenceSeconds: z.number().min(5).max(600),
    }),
    rows: z.enum(["mirror", "mysql"]),
    mysql: z.strictObject({
      host: z.string().max(253),
      port: z.int().min(1).max(65_535),
      user: z.string().max(200),
      database: z.string().max(64),
      table: z.string().min(1).max(64),
      isSecure: z.boolean(),
      timeoutSeconds: z.number().min(1).max(120),
    }),
  }),
  archive: z.strictObject({ folder: path.nullable() }),
  review: z.strictObject({
    port: z.union([z.literal(0), z.int().min(1_024).max(65_516)]),
    openBrowser: z.boolean(),
    secondLookPercent: z.number().min(0).max(20),
    countSittings: z.boolean(),
    crop: z.strictObject({
      start: z.enum(["proposal", "whole"]),
      panes: z.int().min(1).max(4),
      refill: z.enum(["together", "one-by-one"]),
      leastPixels: z.int().min(0).max(100_000),
    }),
  }),
  onFault: z.enum(["hold", "roll-back"]),
  log: z.strictObject({
    level: z.enum(["debug", "info", "warn", "error"]),
    keepRuns: z.int().min(0).max(100),
    maxMegabytes: z.number().min(1).max(1_000),
  }),
});

export type Settings = z.infer<typeof SettingsSchema>;

/** Milliseconds for folders of this machine, and for those of another. */
interface ByPlace {
  readonly local: number;
  readonly network: number;
}

export interface InboxConfig {
  readonly root: string;
  /** what is said about its sets, and about some of its sub-folders */
  readonly said: InboxProfile;
  /** what holds for a first-level folder; "" for loose files */
  readonly profile: (folder: string) => ResolvedProfile;
  readonly quietMs: ByPlace;
  readonly patienceMs: number;
  readonly rescanMs: ByPlace;
}

/** Settings with paths made absolute and units made ours. */
export interface Config {
  readonly home: string;
  /** the daemon's own folder: database, working files, runtime file */
  readonly data: string;
  readonly logs: string;
  readonly settings: Settings;
  readonly inboxes: readonly InboxConfig[];
  readonly site: string;
  /** absolute path of the private key for the site; null to log in with a password */
  readonly sshKey: string | null;
  readonly archive: string | null;
  /** the folder of learned scorers; it need not be there */
  readonly plugins: string;
  readonly decoders: number;
  readonly maxPixels: number;
  readonly decodeLimitMs: number;
  readonly maxLogBytes: number;
  /** what is said about the site's words */
  readonly house: HouseWording;
  /** kinds of sets: those of the house under those of the settings */
  readonly kinds: Kinds;
}

/** Where the home is: the option, else `PHOTOGATE_HOME`, else `~/Photogate`. */
export const homeFrom = (option: string | undefined): string =>
  resolve(option ?? process.env["PHOTOGATE_HOME"] ?? join(homedir(), "Photogate"));

/** @throws Fault config.invalid with path, value and what is allowed, for every mistake in the file */
export function readConfig(home: string): Config {
  const own = join(home, SETTINGS_FILE);
  const merged = merge(readJsonc(DEFAULTS) ?? {}, readJsonc(own) ?? {});
  const read = SettingsSchema.safeParse(merged, { reportInput: true });
  if (!read.success)
    throw invalid(
      own,
      read.error.issues.map((issue) => `  ${pathOf(issue.path)} = ${JSON.stringify(issue.input)}: ${issue.message}`),
    );
  const config = configFrom(home, read.data);
  const contradictions = [...overlaps(config), ...moversWithoutArchive(config), ...unknownKinds(config)];
  if (contradictions.length > 0) throw invalid(own, contradictions);
  return config;
}

const invalid = (file: string, mistakes: readonly string[]): Fault =>
  new Fault(
    "config.invalid",
    `${file} has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}:\n${mistakes.join("\n")}`,
  );

/** An inbox that holds what we write would take in what it published, again and again. */
function overlaps({ inboxes, settings, data, logs, site, archive }: Config): string[] {
  const written = { "the data folder": data, "the logs": logs, "publish.folder": site, "archive.folder": archive };
  return inboxes.flatMap(({ root }, i) => {
    const place = `  inboxes.${i}.path = ${JSON.stringify(settings.inboxes[i]?.path)}`;
    const taken = Object.entries(written)
      .filter(([, folder]) => folder !== null && isWithin(folder, root))
      .map(([name]) => `${place}: would take in ${name}`);
    const others = inboxes
      .slice(0, i)
      .flatMap((other, j) => (isWithin(root, other.root) || isWithin(other.root, root) ? [j] : []))
      .map((j) => `${place}: must not overlap inboxes.${j}.path`);
    return [...taken, ...others];
  });
}

function moversWithoutArchive({ settings: { inboxes }, archive }: Config): string[] {
  const said = inboxes.flatMap(({ originals, profiles }, i) => [
    { place: `inboxes.${i}`, originals },
    ...profiles.map((one, j) => ({ place: `inboxes.${i}.profiles.${j}`, originals: one.originals })),
  ]);
  return said
    .filter(({ originals }) => originals === "move-to-archive" && archive === null)
    .map(({ place }) => `  ${place}.originals = "move-to-archive": needs archive.folder, the place they are moved to`);
}

function unknownKinds({ settings, kinds }: Config): string[] {
  const named = settings.inboxes.flatMap(({ kind, profiles }, i) => [
    { place: `inboxes.${i}.kind`, kind },
    ...profiles.map((one, j) => ({ place: `inboxes.${i}.profiles.${j}.kind`, kind: one.kind })),
  ]);
  const alike = settings.kinds.map(({ like }, i) => ({ place: `kinds.${i}.like`, kind: like }));
  return [...named, ...alike]
    .filter(({ kind }) => kind !== undefined && !kinds.has(kind))
    .map(
      ({ place, kind }) =>
        `  ${place} = ${JSON.stringify(kind)}: there is no such kind; there are: ${[...kinds.keys()].join(", ")}`,
    );
}

/** Every setting as it is in force, as `publish.ftp.host`; a list is one. No secret is ever a setting. */
export const settingsInForce = ({ home, settings }: Pick<Config, "home" | "settings">) => ({
  file: join(home, SETTINGS_FILE),
  settings: flat("", settings),
});

function flat(name: string, value: unknown): { readonly name: string; readonly value: string }[] {
  if (!isSection(value)) return [{ name, value: JSON.stringify(value) }];
  return Object.entries(value).flatMap(([key, one]) => flat(name === "" ? key : `${name}.${key}`, one));
}

/** Is a folder the other one, or below it? */
export function isWithin(folder: string, outer: string): boolean {
  const below = relative(outer, folder);
  return below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

function configFrom(home: string, settings: Settings): Config {
  const at = (path: string): string => {
    const expanded = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
    return isAbsolute(expanded) ? resolve(expanded) : resolve(home, expanded);
  };
  const { settle, look } = settings;
  return {
    home,
    data: join(home, "data"),
    logs: join(home, "logs"),
    settings,
    inboxes: settings.inboxes.map((one) => {
      const said = inboxProfile(one);
      return {
        root: at(one.path),
        said,
        profile: (folder) => profileFor(said, folder),
        quietMs: { local: settle.quietSeconds * SECOND, network: settle.networkQuietSeconds * SECOND },
        patienceMs: settle.patienceSeconds * SECOND,
        rescanMs: { local: settle.rescanSeconds * SECOND, network: settle.networkRescanSeconds * SECOND },
      };
    }),
    site: at(settings.publish.folder),
    sshKey: settings.publish.sftp.key === null ? null : at(settings.publish.sftp.key),
    archive: settings.archive.folder === null ? null : at(settings.archive.folder),
    plugins: at(settings.quality.plugins),
    decoders: look.children === 0 ? availableParallelism() : look.children,
    maxPixels: look.maxMegapixels * MEGABYTE,
    decodeLimitMs: look.limitSeconds * SECOND,
    maxLogBytes: settings.log.maxMegabytes * MEGABYTE,
    house: { ...settings.wording, vocabulary: settings.captioner.vocabulary },
    kinds: kindsWith(settings.kinds),
  };
}

const inboxProfile = ({ path: _, category, profiles, ...own }: z.infer<typeof inbox>): InboxProfile => ({
  ...profileFrom(own),
  category,
  profiles: profiles.map(({ match, ...said }) => ({ ...profileFrom(said), match })),
});

const profileFrom = ({ quietSeconds, ...said }: Omit<z.infer<typeof folderProfile>, "match">): Profile => ({
  ...said,
  ...(quietSeconds === undefined ? {} : { quietMs: quietSeconds * SECOND }),
});

/**
 * The profile of a folder, wherever it lies: one that is in no inbox, handed over by a person, counts as if it lay in the
 * first.
 */
export function profileOfFolder(inboxes: readonly InboxConfig[], folder: string): ResolvedProfile {
  const home = inboxes.find(({ root }) => isWithin(folder, root));
  const name = home === undefined ? basename(folder) : (relative(home.root, folder).split(sep)[0] ?? "");
  return (home ?? inboxes[0])?.profile(name) ?? { category: "gallery" };
}

function readJsonc(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new Fault("config.invalid", `${file} cannot be read`, { cause });
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length === 0) return value;
  const mistakes = errors.map(
    ({ error, offset }) => `  line ${text.slice(0, offset).split("\n").length}: ${printParseErrorCode(error)}`,
  );
  throw new Fault("config.invalid", `${file} is not valid JSON with comments:\n${mistakes.join("\n")}`);
}

/** Own values over defaults, section by section; lists are replaced whole. */
function merge(defaults: unknown, own: unknown): unknown {
  if (!isSection(defaults) || !isSection(own)) return own;
  const keys = new Set([...Object.keys(defaults), ...Object.keys(own)]);
  return Object.fromEntries([...keys].map((key) => [key, key in own ? merge(defaults[key], own[key]) : defaults[key]]));
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const pathOf = (parts: readonly PropertyKey[]): string => (parts.length === 0 ? "file" : parts.map(String).join("."));

/** All that a decoder child gets to see of our environment. */
export const childEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ["PATH", "SystemRoot", "TMPDIR", "TEMP"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Is there a screen on which a browser could open? */
export const hasScreen = (): boolean =>
  process.platform === "win32" ||
  process.platform === "darwin" ||
  Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
