import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { Hono } from "hono";
import type { Size } from "../../domain/crops.ts";
import { SIGHTS } from "../../domain/first-sight.ts";
import { shownOf } from "../../domain/remains.ts";
import { MOST_TILE, type Part } from "../../domain/zoom.ts";
import type { Deps } from "../deps.ts";
import type { Bindings } from "../guard.ts";

const VARIANTS = ["small", "medium", "large"] as const;

const JPEG = { "content-type": "image/jpeg", "cache-control": "private, max-age=31536000, immutable" } as const;

/** One transparent pixel: that there is no picture is no error, and a page without script must not show it as one. */
const NOTHING = new Uint8Array(Buffer.from("R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==", "base64"));
const GIF = { "content-type": "image/gif", "cache-control": "no-store" } as const;

/**
 * Previews by row id and size. The client never names a path; what is sent is a JPEG we encoded ourselves or, until there
 * is one, the drawing parts of the JPEG a camera put into its file, never the bytes of the original. A tile is a part of the
 * photo that is encoded anew when it is asked for.
 */
export function media({ store, firstSight, tile }: Deps): Hono<{ Bindings: Bindings }> {
  const routes = new Hono<{ Bindings: Bindings }>();
  routes.get("/:photo/:variant/:hash", async (c) => {
    const id = /^\d{1,15}$/.exec(c.req.param("photo"))?.[0];
    const photo = id === undefined ? undefined : store.sets.photo(Number(id));
    const sight = SIGHTS.find((known) => known === c.req.param("variant"));
    if (photo !== undefined && sight !== undefined) {
      if (photo.source.sha256 === undefined || c.req.param("hash") !== nameOf(photo.source.sha256)) return c.notFound();
      const jpeg = await firstSight(photo, sight);
      return jpeg === undefined ? c.body(NOTHING, 200, GIF) : c.body(new Uint8Array(jpeg), 200, JPEG);
    }
    if (c.req.param("variant") === "tile") {
      const look = photo && shownOf(photo).look;
      const part = look && partIn(c.req.query("part") ?? "", look);
      if (
        photo === undefined ||
        part === undefined ||
        c.req.param("hash") !== nameOf(look?.previews.large.sha256 ?? "")
      )
        return c.notFound();
      const jpeg = await tile(photo, part);
      return jpeg === undefined ? c.notFound() : c.body(new Uint8Array(jpeg), 200, JPEG);
    }
    const variant = VARIANTS.find((known) => known === c.req.param("variant"));
    const preview = variant && photo && shownOf(photo).look?.previews[variant];
    if (photo === undefined || preview === undefined || c.req.param("hash") !== nameOf(preview.sha256))
      return c.notFound();
    const bytes = await readBelow(store.installation.workRoot, join(photo.dir, preview.file));
    if (bytes === undefined) return c.notFound();
    return c.body(new Uint8Array(bytes), 200, JPEG);
  });
  return routes;
}

const nameOf = (sha256: string): string => `${sha256.slice(0, 16)}.jpg`;

/** `x,y,width,height` in whole pixels, and all of it in the picture. */
function partIn(text: string, picture: Size): Part | undefined {
  const found = /^(\d{1,6}),(\d{1,6}),(\d{1,4}),(\d{1,4})$/.exec(text);
  if (found === null) return undefined;
  const [x = 0, y = 0, width = 0, height = 0] = found.slice(1).map(Number);
  const isInside = x + width <= picture.width && y + height <= picture.height;
  const isSized = Math.min(width, height) > 0 && Math.max(width, height) <= MOST_TILE;
  return isInside && isSized ? { x, y, width, height } : undefined;
}

/** A link planted in the work folder leads nowhere. */
async function readBelow(root: string, path: string): Promise<Buffer | undefined> {
  try {
    const [realRoot, realFile] = await Promise.all([realpath(root), realpath(path)]);
    if (!realFile.startsWith(realRoot + sep)) return undefined;
    const file = await open(realFile, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
