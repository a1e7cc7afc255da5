// TypeScript to dist/, SQL, names of cities and WebAssembly beside it, the page's scripts and styles to dist/assets/ under names that carry their hash.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// Built aside and swapped in: a build that fails leaves the last good one.
const final = join(root, "dist");
const dist = join(root, `.dist-${process.pid}`);
const client = join(root, "src", "review-server", "client");

const types = spawnSync(
  process.execPath,
  [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(root, "tsconfig.build.json"), "--outDir", dist],
  { stdio: ["ignore", 2, 2] },
);
if (types.status !== 0) {
  rmSync(dist, { recursive: true, force: true });
  process.exit(types.status ?? 1);
}
for (const data of [join("store", "migrations"), join("language", "cities.tsv")])
  cpSync(join(root, "src", data), join(dist, data), { recursive: true });

// What runs over every pixel, as WebAssembly with SIMD.
const { default: asc } = await import("assemblyscript/asc");
const compiled = await asc.main([
  join("src", "imaging", "kernel", "index.ts"),
  ...["--baseDir", root, "--outFile", join(relative(root, dist), "imaging", "kernel.wasm")],
  ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="],
]);
if (compiled.error) {
  process.stderr.write(`${compiled.stderr}${compiled.error.message}\n`);
  rmSync(dist, { recursive: true, force: true });
  process.exit(1);
}

const { build } = await import("esbuild");
const assets = join(dist, "assets");
mkdirSync(assets, { recursive: true });
/** @param plugins of esbuild */
const bundled = async (entryPoints, plugins = []) => {
  const { outputFiles } = await build({
    entryPoints: entryPoints.map((file) => join(client, file)),
    plugins,
    loader: { ".svg": "copy" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    outdir: assets,
    logLevel: "warning",
  });
  return outputFiles;
};
/** Of all the keys those of some scopes: a page of its own neither hears nor lists the others. */
const keysOf = (...scopes) => ({
  name: "keys",
  setup: ({ onLoad }) =>
    onLoad({ filter: /keymap\.json$/ }, ({ path }) => {
      const all = Object.entries(JSON.parse(readFileSync(path, "utf8")).scopes);
      const own = Object.fromEntries(all.filter(([scope]) => scopes.includes(scope)));
      return { contents: JSON.stringify({ scopes: own }), loader: "json" };
    }),
});
const outputFiles = [
  ...(await bundled(["pages.ts", "review.ts", "style.css", "icon.svg"])),
  ...(await bundled(["compare.ts"], [keysOf("global", "text", "compare")])),
  ...(await bundled(["crop.ts"], [keysOf("global", "text", "crop")])),
];
const names = {};
for (const { path, contents } of outputFiles) {
  const file = path.slice(assets.length + 1);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  names[file] = file.replace(/\.(\w+)$/, `-${hash}.$1`);
  writeFileSync(join(assets, names[file]), contents);
}
writeFileSync(join(assets, "names.json"), JSON.stringify(names));
rmSync(final, { recursive: true, force: true });
renameSync(dist, final);
