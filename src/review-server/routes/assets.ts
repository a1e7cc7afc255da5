import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

export const BUILD_HEADER = "x-photogate-build";

/** What tells the scripts and styles of one build from those of another. */
export const buildIn = (folder: string, version: string): string =>
  `${version}-${createHash("sha256")
    .update(readFileSync(join(folder, "names.json")))
    .digest("hex")
    .slice(0, 12)}`;

/** Scripts and styles, read once at start: a name that is not among them is not there. Names carry a hash, so they never change. */
export function assets({ assets: folder }: Deps): Hono<{ Bindings: Bindings }> {
  const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const routes = new Hono<{ Bindings: Bindings }>();
  routes.get("/:name", (c) => {
    const file = files.get(c.req.param("name"));
    const type = TYPES[c.req.param("name").split(".").at(-1) ?? ""];
    if (file === undefined || type === undefined) return c.notFound();
    return c.body(new Uint8Array(file), 200, {
      "content-type": type,
      "cache-control": "private, max-age=31536000, immutable",
    });
  });
  return routes;
}
