/**
 * Who may import what. The table is the architecture: a room imports what its row allows and nothing else, type imports
 * included. Run as a script it checks `src/`; the test plants violations and counts the files.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

interface Room {
  /** first match wins */
  readonly files: RegExp;
  /** what it may import of ours; its own room is not implied */
  readonly ours: RegExp;
  readonly packages: readonly string[];
  readonly node: boolean;
}

const ROOF =
  /^(cli|command-line|daemon|enter|start|inboxes|card-light|first-sight|models|model-verbs|readers|tools|runtime|sayings|sweep|version|vocabulary|practice|decoding|lexicon|reading-verbs|writing-verbs|inbox-verbs|asking|moving|folders|rename-verb|cropping|correct-verbs|crop-files|own-archive|proofs|doctor|fingerprints|folder-frames|likeness-verb|targets|site-verbs|secrets|tiles|trust|spelling)\.ts$/;

export const ROOMS: readonly Room[] = [
  { files: /^domain\//, ours: /^domain\//, packages: ["zod"], node: false },
  { files: /^store\//, ours: /^(domain|store)\//, packages: ["better-sqlite3"], node: true },
  { files: /^config\.ts$/, ours: /^domain\//, packages: ["zod", "jsonc-parser"], node: true },
  { files: /^files\.ts$/, ours: /^domain\//, packages: [], node: true },
  { files: /^originals\.ts$/, ours: /^(domain\/|files\.ts$)/, packages: [], node: true },
  { files: /^log\.ts$/, ours: /^(domain\/|files\.ts$)/, packages: ["pino"], node: true },
  { files: /^stages\/index\.ts$/, ours: /^(domain|stages)\//, packages: [], node: false },
  { files: /^stages\//, ours: /^(domain\/|(files|originals)\.ts$)/, packages: [], node: true },
  {
    files: /^watchers\//,
    ours: /^(domain\/|watchers\/|(files|originals)\.ts$)/,
    packages: ["chokidar", "yaml"],
    node: true,
  },
  {
    files: /^imaging\//,
    ours: /^(domain\/|imaging\/|(files|originals)\.ts$)/,
    packages: ["sharp", "smartcrop", "exifr", "libheif-js", "exiftool-vendored", "onnxruntime-node"],
    node: true,
  },
  {
    files: /^captioners\//,
    ours: /^(domain\/|captioners\/|(files|originals)\.ts$)/,
    packages: ["ollama", "undici"],
    node: true,
  },
  {
    files: /^language\//,
    ours: /^(domain|language)\//,
    packages: ["pluralize", "fastest-levenshtein", "stopword", "nspell", "dictionary-en", "dictionary-en-gb"],
    node: true,
  },
  {
    files: /^publishers\//,
    ours: /^(domain\/|publishers\/|(files|originals)\.ts$)/,
    packages: ["basic-ftp", "mysql2", "ssh2-sftp-client"],
    node: true,
  },
  { files: /^pipeline\//, ours: /^(domain\/|store\/|pipeline\/|files\.ts$)/, packages: [], node: true },
  {
    files: /^review-server\/client\//,
    ours: /^(domain\/|review-server\/(client\/|keymap\.json$|rows\.ts$|cards\.ts$))/,
    packages: [],
    node: false,
  },
  {
    files: /^review-server\//,
    ours: /^(domain|store|review-server)\//,
    packages: ["hono", "@hono/node-server"],
    node: true,
  },
  { files: ROOF, ours: /./, packages: ["commander", "open"], node: true },
];

/** One door a package: swapping it means opening these files. */
export const DOORS: Readonly<Record<string, RegExp>> = {
  "better-sqlite3": /^store\/database\.ts$/,
  "jsonc-parser": /^config\.ts$/,
  "@hono/node-server": /^review-server\/listen\.ts$/,
  hono: /^review-server\//,
  zod: /^(domain\/|config\.ts$)/,
  chokidar: /^watchers\/scanner\.ts$/,
  yaml: /^watchers\/drop\.ts$/,
  sharp: /^imaging\/sharp\.ts$/,
  smartcrop: /^imaging\/smartcrop\.ts$/,
  exifr: /^imaging\/exif\.ts$/,
  "exiftool-vendored": /^imaging\/exiftool\.ts$/,
  "onnxruntime-node": /^imaging\/scorer\.ts$/,
  "libheif-js": /^imaging\/heif\.ts$/,
  ollama: /^captioners\/ollama\.ts$/,
  "basic-ftp": /^publishers\/ftp\.ts$/,
  mysql2: /^publishers\/mysql\.ts$/,
  "ssh2-sftp-client": /^publishers\/sftp\.ts$/,
  undici: /^captioners\/wire\.ts$/,
  pluralize: /^language\/english\.ts$/,
  "fastest-levenshtein": /^language\/english\.ts$/,
  stopword: /^language\/english\.ts$/,
  nspell: /^language\/spelling-worker\.ts$/,
  "dictionary-en": /^language\/spelling-worker\.ts$/,
  "dictionary-en-gb": /^language\/spelling-worker\.ts$/,
  pino: /^log\.ts$/,
  commander: /^command-line\.ts$/,
  open: /^start\.ts$/,
};

/** Words that belong to the edge: the environment, the end of the process, the clock and chance; and taking originals away. */
const EDGE: readonly { readonly word: RegExp; readonly except: RegExp }[] = [
  { word: /\bprocess\.env\b/, except: /^config\.ts$/ },
  { word: /\bprocess\.exit\b/, except: /^(cli|start|imaging\/child|watchers\/scanner)\.ts$/ },
  { word: /\boriginals\.remove\b/, except: /^stages\/archive\.ts$/ },
  { word: /\bDate\.now\b|\bperformance\.now\b|\bMath\.random\b|\bnew Date\(\)/, except: /^(?!domain\/)/ },
];

/** Where files are made, changed and taken away. Everybody else only reads, or asks these. */
const WRITERS = /^(files|originals)\.ts$/;
const READS =
  /^(type |access|constants|exists|stat|lstat|fstat|statfs|read|realpath|opendir|watch|open$|openSync$|close|createReadStream|FileHandle|BigIntStats|Dirent|Stats)/;
const WRITING_OPEN = /\bopen(Sync)?\([^)]*["'`](w|a|r\+)/;

/** What only one file may ask for. */
const GUARDED: Readonly<Record<string, RegExp>> = {
  // An original goes away in one place of the product: the process that reads its inbox, asked by the archive.
  removeOriginal: /^watchers\/scanner\.ts$/,
  // A name is given anew where it was written down first.
  moveOriginal: /^moving\.ts$/,
};

export interface Source {
  /** below src/, with `/` */
  readonly path: string;
  readonly text: string;
}

export interface Verdict {
  readonly files: number;
  readonly imports: number;
  readonly violations: readonly string[];
}

export function checkFloors(sources: readonly Source[]): Verdict {
  const graph = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const violations = sources.flatMap((source) => [
    ...(graph.get(source.path) ?? []).flatMap((target) => whyNot(source.path, target)),
    ...strayWrites(source),
    ...EDGE.filter(({ word, except }) => word.test(source.text) && !except.test(source.path)).map(
      ({ word }) => `${source.path} uses ${word.source}`,
    ),
  ]);
  return {
    files: sources.length,
    imports: [...graph.values()].reduce((sum, targets) => sum + targets.length, 0),
    violations: [...violations, ...circlesIn(graph)],
  };
}

/** Targets of all static, dynamic and type imports and re-exports: paths below src/, or package names. */
function importsOf({ path, text }: Source): string[] {
  if (!/\.tsx?$/.test(path)) return [];
  const { module, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const names = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  return names.map((name) => (name.startsWith(".") ? posix.join(posix.dirname(path), name) : name));
}

/** Calls that change files, outside the two files that may; and an original taken away outside the archive. */
function strayWrites({ path, text }: Source): string[] {
  if (!/\.tsx?$/.test(path) || WRITERS.test(path)) return [];
  const { module } = parseSync(path, text);
  const names = module.staticImports.flatMap(({ moduleRequest, entries }) =>
    entries.map(({ importName }) => ({
      from: moduleRequest.value,
      name: importName.name ?? `* as ${importName.kind}`,
    })),
  );
  const writes = names.filter(({ from, name }) => /^(node:)?fs(\/promises)?$/.test(from) && !READS.test(name));
  const lazily = module.dynamicImports.some(({ moduleRequest }) =>
    /^.(node:)?fs\b/.test(text.slice(moduleRequest.start, moduleRequest.end)),
  );
  return [
    ...writes.map(({ name }) => `${path} must not change files itself: ${name}`),
    ...(lazily ? [`${path} must not change files itself: import()`] : []),
    ...(WRITING_OPEN.test(text) ? [`${path} must not open files for writing`] : []),
    ...names.filter(({ name }) => GUARDED[name]?.test(path) === false).map(({ name }) => `${path} may not use ${name}`),
  ];
}

function whyNot(from: string, target: string): string[] {
  const room = ROOMS.find(({ files }) => files.test(from));
  if (room === undefined) return [`${from} stands in no room`];
  if (target.startsWith("node:")) return room.node ? [] : [`${from} must not import ${target}`];
  if (/\.(ts|tsx|json)$/.test(target)) return room.ours.test(target) ? [] : [`${from} must not import ${target}`];
  const name = target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
  if (!room.packages.includes(name) && !(DOORS[name]?.test(from) ?? false))
    return [`${from} must not import ${target}`];
  const door = DOORS[name];
  if (door === undefined) return [`${name} has no door`];
  return door.test(from) ? [] : [`${from} is not the door of ${name}`];
}

function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) circles.push(`circle: ${[...trail.slice(trail.indexOf(file)), file].join(" -> ")}`);
    if (trail.includes(file) || done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

const SRC = join(dirname(dirname(fileURLToPath(import.meta.url))), "src");

/** Every source file there is, read from the disk. */
export const sourcesIn = (folder: string = SRC): Source[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file).split(sep).join("/"), text: readFileSync(file, "utf8") }));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, imports, violations } = checkFloors(sourcesIn());
  for (const violation of violations) process.stderr.write(`${violation}\n`);
  process.stdout.write(`floors: ${files} files, ${imports} imports, ${violations.length} violations\n`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
