/** Where the package's own files are, and which version it is. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const manifest: { version: string } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

export const VERSION = manifest.version;

/** Built client files; the build puts them beside the compiled source. */
export const ASSETS = fileURLToPath(new URL("../dist/assets/", import.meta.url));
