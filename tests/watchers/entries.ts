import type { Entry } from "../../src/watchers/listing.ts";

/** A thing in the inbox `/in`, named by its path below it. */
export const entry = (relative: string, given: Partial<Entry> = {}): Entry => ({
  path: `/in/${relative}`,
  relative,
  name: relative.split("/").at(-1) ?? "",
  kind: "file",
  bytes: 1_000,
  mtimeMs: 5,
  inode: `1:${relative}`,
  nameIsText: true,
  ...given,
});
