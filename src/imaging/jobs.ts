import type { FaultCode } from "../domain/fault.ts";
import type { SiteSizes } from "../domain/ports.ts";

/** What parent and decoder child say to each other, as JSON. */
export type Task =
  | { readonly kind: "look"; readonly file: string; readonly into: string }
  | { readonly kind: "exif"; readonly file: string }
  | { readonly kind: "render"; readonly file: string; readonly into: string; readonly sizes: SiteSizes };

export type Job = Task & { readonly id: number; readonly maxPixels: number };

export type Reply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  /** `code: null` is something nobody foresaw */
  | { readonly id: number; readonly ok: false; readonly code: FaultCode | null; readonly message: string };
