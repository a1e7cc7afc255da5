/** What likeness knows of a picture, without the previews and measures it does not need. */
import { cropScore, type Grey } from "../../src/domain/crop-match.ts";
import { type Fingerprint, fingerprintOf } from "../../src/domain/fingerprint.ts";
import { isDerived, mayBeDerived, samePicture } from "../../src/domain/likeness.ts";
import { greyOf, perceptualHashes, thumbOf } from "../../src/imaging/fingerprints.ts";
import { type Luma, lumaOf, meansOf } from "../../src/imaging/measures.ts";
import { sharp } from "../../src/imaging/sharp.ts";

export interface Seen {
  readonly name: string;
  readonly print: Fingerprint;
  readonly grey: Grey;
}

/** The edge the look takes its fingerprints on. */
const EDGE = 1024;

/** @param jpeg as a file, or its path */
export async function seen(name: string, jpeg: Buffer | string): Promise<Seen> {
  const { data, info } = await sharp(jpeg)
    .autoOrient()
    .resize(EDGE, EDGE, { fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return seenIn(name, lumaOf(data, info.width, info.height));
}

export const seenIn = (name: string, luma: Luma): Seen => ({
  name,
  print: fingerprintOf({ ...perceptualHashes(meansOf(luma)), thumb: thumbOf(meansOf(luma)) }),
  grey: { data: greyOf(meansOf(luma)), aspect: luma.width / luma.height },
});

const bare = ({ name, print }: Seen) => ({ sha256: name, pixels: null, print });

/** Nothing but the pixels is known of them: no name, no time, no hash of the file. */
export const areSame = (a: Seen, b: Seen): boolean => samePicture(bare(a), bare(b)) !== undefined;

export const areWorthLooking = (a: Seen, b: Seen): boolean =>
  mayBeDerived(a.print, b.print, [a.grey.aspect, b.grey.aspect]);

export const areDerived = (a: Seen, b: Seen): boolean => isDerived(cropScore(a.grey, b.grey));
