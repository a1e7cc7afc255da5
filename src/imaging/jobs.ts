import type { FaultCode } from "../domain/fault.ts";
import type { Plugin } from "../domain/plugin.ts";
import type { GreyPair, Rendering, Sidecars } from "../domain/ports.ts";
import type { Part } from "../domain/zoom.ts";
import type { RawPreviews } from "./embedded.ts";

/**
 * What parent and decoder child say to each other, as JSON. A child that finds a RAW answers `RAW`: it is asked again when
 * ExifTool has taken out of the file what can be read.
 */
export type Task =
  | { readonly kind: "look"; readonly file: string; readonly into: string; readonly previews: RawPreviews | null }
  | { readonly kind: "crops"; readonly file: string; readonly into: string; readonly previews: RawPreviews | null }
  | {
      readonly kind: "fingerprint";
      readonly file: string;
      readonly into: string;
      /** the preview that learned scorers see is wanted, too */
      readonly wantsModel: boolean;
      readonly previews: RawPreviews | null;
    }
  | { readonly kind: "exif"; readonly file: string }
  | {
      readonly kind: "iptc";
      readonly file: string;
      /** folder with the blocks of a RAW */
      readonly blocks: string | null;
      readonly sidecars: Sidecars;
    }
  /** `file: null` only loads the model and tries it */
  | { readonly kind: "score"; readonly file: string | null; readonly plugin: Plugin }
  | { readonly kind: "alike"; readonly pairs: readonly GreyPair[] }
  | { readonly kind: "tile"; readonly file: string; readonly part: Part }
  | { readonly kind: "render"; readonly file: string; readonly into: string; readonly want: Rendering };

export const RAW = "raw";

export type Job = Task & {
  readonly id: number;
  readonly maxPixels: number;
  /** of memory the child may take, all that belongs to the process */
  readonly maxBytes: number;
};

export type Reply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  /** `code: null` is something nobody foresaw */
  | { readonly id: number; readonly ok: false; readonly code: FaultCode | null; readonly message: string };
