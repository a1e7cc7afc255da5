/**
 * The words of the house, one line each. Code, page, CLI and docs use them in this sense only.
 *
 * inbox       a watched folder
 * drop        what appeared in an inbox, before it is ours
 * settle      to be whole and left alone long enough
 * set         a drop we took in; the unit of review (type `PhotoSet`, because `Set` is taken)
 * photo       one shot: main file and the companions that travel with it
 * original    the file in the inbox; the working copy is ours, the preview is what the page shows
 * ingest      to copy into our folder and hash, never to move
 * fingerprint perceptual hash, for likeness; the sha256 is for identity
 * cull        to leave a photo out, with a reason, reversibly
 * quality     measures, their weighted sum QR (0-10) and its band
 * facts       what a stage found out about a photo; a checkpoint is those facts, stored
 * gate        the stage that waits for a person
 * desk        the page's side of the store: ops, verdicts, edits
 * op          one reversible decision or edit
 * verdict     approved, rejected, held; none is "undecided"
 * wish        an approval before the words are there: it counts for nothing until the person confirms it with them on screen
 * release     "publish the approved": the photos that go out together
 * park        to wait at the gate; hold: to wait for a remedy or a time
 * clear       to remove the working copies of a finished set; what was found and decided stays
 * rewind      to undo and forget, from the newest stage back to a given one
 * fault       a foreseen failure: whose doing it is (blame) and what to do (remedy)
 * ledger      the table of reserved file names
 * lease       the right of one daemon to one home
 * mirror      the local copy of the site's catalogue table
 */

/** Readable and unique within one home, made from the name of the drop: `2026-10-gulls-texel`. */
export type SetId = string;

/** Row id of a photo; grows in the order in which photos were taken in. */
export type PhotoId = number;

/** Groups the photos that were published with one press of the button. */
export type ReleaseId = string;

// Writing direction and characters without width: what is read would not be what is there.
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** Does a text hold control characters, or such as hide what it says? Line breaks and tabs are space. */
export const isDevious = (text: string): boolean =>
  text.search(INVISIBLE) >= 0 || /\p{Cc}/u.test(text.replaceAll(/\s/g, " "));

/** One line of composed characters, single spaces, nothing invisible. */
export const plainText = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll(INVISIBLE, "")
    .replaceAll(/[\s]+/g, " ")
    .replaceAll(/\p{Cc}/gu, "")
    .trim();

/** Milliseconds since the epoch, UTC, where it is a moment; milliseconds where it is a duration. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const MEGABYTE = 1_000_000;
export const GIGABYTE = 1_000 * MEGABYTE;

/** `1.2 GB`, `3 MB`; never more exact than anybody needs. */
export function sizeText(bytes: number): string {
  if (bytes >= GIGABYTE) return `${(bytes / GIGABYTE).toFixed(1)} GB`;
  return bytes >= MEGABYTE ? `${Math.round(bytes / MEGABYTE)} MB` : `${Math.ceil(bytes / 1_000)} kB`;
}
