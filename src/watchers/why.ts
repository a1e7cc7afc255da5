/** What the system says in codes about an inbox, in words a photographer can act on. */
import { codeOf, messageOf } from "../domain/fault.ts";

/** Why an inbox cannot be listed. */
export function whyAway(root: string, failure: unknown): string {
  switch (codeOf(failure)) {
    case "ENOENT":
      return `${root} is not there`;
    case "ENOTDIR":
      return `${root} is no folder`;
    case "EACCES":
    case "EPERM":
      return `${root} may not be read by the user that runs Photogate`;
    case "EIO":
    case "ENXIO":
    case "ENOTCONN":
    case "EHOSTDOWN":
    case "ESTALE":
      return `the disk, card or share of ${root} fails (${codeOf(failure)})`;
    default:
      return `${root}: ${messageOf(failure)}`;
  }
}

/** Why the system's events cannot be relied on. */
export function whyDeaf(failure: unknown): string {
  const code = codeOf(failure);
  if (code === "ENOSPC" || code === "EMFILE") return "the system watches as many folders as it can already";
  return `the system's events failed: ${messageOf(failure)}`;
}
