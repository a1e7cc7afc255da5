import type { RootSeen } from "./messages.ts";

/** How an inbox was last seen online. */
export interface Volume {
  /** what our marker file says; null where none could be left */
  readonly marker: string | null;
  readonly device: string;
}

export type VolumeVerdict =
  | { readonly kind: "same" }
  /** the marker is gone, the volume is not: somebody tidied up */
  | { readonly kind: "unmarked" }
  /** never seen, or another card or disk at the same path */
  | { readonly kind: "new" }
  /** another one that was here before */
  | { readonly kind: "other"; readonly marker: string }
  | { readonly kind: "away"; readonly why: string };

/**
 * Is what lies at the path of an inbox the volume we knew? An empty folder on another device is what an unmounted disk
 * leaves behind: it says nothing about the files. Pure.
 *
 * @param known undefined if this inbox was never online
 * @param isEmpty nothing lies in it but what a system puts into every folder
 */
export function judgeVolume(known: Volume | undefined, root: RootSeen, isEmpty: boolean): VolumeVerdict {
  if (known === undefined) return root.marker === null ? { kind: "new" } : { kind: "other", marker: root.marker };
  if (root.marker !== null)
    return root.marker === known.marker ? { kind: "same" } : { kind: "other", marker: root.marker };
  const isSameDevice = root.device === known.device;
  if (isEmpty && !isSameDevice)
    return { kind: "away", why: "it is empty, and not on the disk it was on: probably not mounted" };
  if (!isSameDevice) return { kind: "new" };
  return known.marker === null ? { kind: "same" } : { kind: "unmarked" };
}
