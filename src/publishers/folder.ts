import { join } from "node:path";
import { Fault } from "../domain/fault.ts";
import { durableRemove, fileExists, hashFile, NameTaken, PUBLIC } from "../files.ts";
import { durableCopy } from "../originals.ts";
import type { Place } from "./place.ts";

/** A folder of the site on this machine. @param root absolute; made if it is not there */
export const folder = (root: string): Place => ({
  name: "folder",
  pathOf: (relative) => join(root, ...relative.split("/")),
  look: async (path, _, signal) => ((await fileExists(path)) ? hashFile(path, signal) : undefined),
  async put(file, path, signal) {
    try {
      await durableCopy(file.path, path, signal, PUBLIC);
    } catch (cause) {
      throw asSiteFault(cause);
    }
  },
  remove: durableRemove,
  close: async () => undefined,
});

function asSiteFault(cause: unknown): unknown {
  if (cause instanceof NameTaken) return new Fault("site.collision", cause.message, { cause });
  if (cause instanceof Fault && cause.code === "disk.failed")
    return new Fault("site.unwritable", cause.message, { cause });
  return cause;
}
