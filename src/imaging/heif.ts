import { readFile } from "node:fs/promises";
import startLibheif, { type Libheif } from "libheif-js/libheif-wasm/libheif-bundle.mjs";
import { Fault } from "../domain/fault.ts";
import { p3Profile } from "./profiles.ts";
import { type Pixels, tiffOf } from "./tiff.ts";

// Values of libheif's own enumerations.
const RGB = 1;
const INTERLEAVED = { channel: 10, chroma: { 3: 10, 4: 11 } } as const;
const P3_PRIMARIES: readonly number[] = [11, 12];

/** Memory that WASM has taken it never gives back; a module that grew beyond this is thrown away after its photo. */
const MAX_KEPT_BYTES = 256_000_000;

let kept: Libheif | undefined;

/**
 * The primary image of a HEIC, upright, as an uncompressed TIFF that carries its colour profile: what follows then treats it
 * like any other photo. libheif turns and mirrors by what the container says; the EXIF orientation must not be applied
 * again, and the TIFF has none.
 *
 * @throws Fault photo.too-many-pixels before a pixel is decoded; Error with libheif's words for what does not decode
 */
export async function heifAsTiff(file: string, maxPixels: number): Promise<Buffer> {
  const bytes = await readFile(file);
  const library = kept ?? startLibheif();
  // Whatever is thrown: the state of the module is anybody's guess then.
  kept = undefined;
  const { pixels, profile } = decode(library, bytes, maxPixels);
  if (library.HEAPU8.length <= MAX_KEPT_BYTES) kept = library;
  return tiffOf(pixels, profile === "p3" ? await p3Profile() : profile);
}

interface Decoded {
  readonly pixels: Pixels;
  /** ICC bytes, or a colour space known by name; undefined for sRGB */
  readonly profile: Buffer | "p3" | undefined;
}

function decode(library: Libheif, bytes: Buffer, maxPixels: number): Decoded {
  const call = callsOn(library);
  const input = library._malloc(bytes.length);
  const context = library._heif_context_alloc();
  let handle = 0;
  try {
    if (input === 0) throw new Error("not enough memory for the file");
    library.HEAPU8.set(bytes, input);
    // What the container declares is checked below; this is for what the picture in it turns out to be.
    library._heif_context_set_maximum_image_size_limit(context, Math.ceil(Math.sqrt(maxPixels)));
    call((error) => library._heif_context_read_from_memory_without_copy(error, context, input, bytes.length, 0));
    handle = call.pointer((error, to) => library._heif_context_get_primary_image_handle(error, context, to));
    assertPixels(library, handle, maxPixels);
    return { pixels: pixelsOf(library, call, handle), profile: profileOf(library, call, handle) };
  } finally {
    if (handle !== 0) library._heif_image_handle_release(handle);
    library._heif_context_free(context);
    library._free(input);
    call.free();
  }
}

function assertPixels(library: Libheif, handle: number, maxPixels: number): void {
  const width = library._heif_image_handle_get_width(handle);
  const height = library._heif_image_handle_get_height(handle);
  if (width * height > maxPixels)
    throw new Fault("photo.too-many-pixels", `${width} x ${height} pixels, at most ${maxPixels} are decoded`);
}

function pixelsOf(library: Libheif, call: Calls, handle: number): Pixels {
  const channels = library._heif_image_handle_has_alpha_channel(handle) === 0 ? 3 : 4;
  const options = strictOptions(library);
  const image = call.pointer((error, to) =>
    library._heif_decode_image(error, handle, to, RGB, INTERLEAVED.chroma[channels], options),
  );
  try {
    const width = library._heif_image_get_width(image, INTERLEAVED.channel);
    const height = library._heif_image_get_height(image, INTERLEAVED.channel);
    const { at, stride } = call.plane((to) => library._heif_image_get_plane_readonly(image, INTERLEAVED.channel, to));
    const row = (y: number): Uint8Array => library.HEAPU8.subarray(at + y * stride, at + y * stride + width * channels);
    const data = Buffer.allocUnsafe(width * height * channels);
    for (let y = 0; y < height; y += 1) data.set(row(y), y * width * channels);
    return { data, width, height, channels };
  } finally {
    library._heif_image_release(image);
    library._heif_decoding_options_free(options);
  }
}

/**
 * Offset in the options of "what is damaged is an error". A picture that ends too soon is one then; flipped bytes inside it
 * the codec paints over all the same.
 */
const STRICT_AT = 21;

function strictOptions(library: Libheif): number {
  const options = library._heif_decoding_options_alloc();
  library.HEAPU8[options + STRICT_AT] = 1;
  return options;
}

function profileOf(library: Libheif, call: Calls, handle: number): Decoded["profile"] {
  const bytes = library._heif_image_handle_get_raw_color_profile_size(handle);
  if (bytes > 0) {
    const at = library._malloc(bytes);
    call((error) => library._heif_image_handle_get_raw_color_profile(error, handle, at));
    const icc = Buffer.from(library.HEAPU8.subarray(at, at + bytes));
    library._free(at);
    return icc;
  }
  return P3_PRIMARIES.includes(primariesOf(library, call, handle)) ? "p3" : undefined;
}

/** Colour primaries by ITU-T H.273; 2 means that the file does not say. */
function primariesOf(library: Libheif, call: Calls, handle: number): number {
  const profile = call.optionalPointer((error, to) =>
    library._heif_image_handle_get_nclx_color_profile(error, handle, to),
  );
  if (profile === 0) return 2;
  const primaries = library.HEAPU8[profile + 4] ?? 2;
  library._heif_nclx_color_profile_free(profile);
  return primaries;
}

interface Calls {
  /** @throws Error with libheif's message */
  (run: (error: number) => void): void;
  /** a call that gives an address by way of another one */
  pointer(run: (error: number, to: number) => void): number;
  /** the same for what may not be there; 0 then */
  optionalPointer(run: (error: number, to: number) => void): number;
  plane(run: (stride: number) => number): { readonly at: number; readonly stride: number };
  free(): void;
}

/** libheif answers with a struct of code, second code and message, and with addresses in places it is given. */
function callsOn(library: Libheif): Calls {
  const error = library._malloc(12);
  const result = library._malloc(4);
  const word = (at: number): number => new DataView(library.HEAPU8.buffer).getUint32(at, true);
  const text = (at: number): string => {
    const end = library.HEAPU8.indexOf(0, at);
    return Buffer.from(library.HEAPU8.subarray(at, end)).toString("utf8");
  };
  const call = (run: (error: number) => void): void => {
    run(error);
    if (word(error) !== 0) throw new Error(`HEIC: ${text(word(error + 8))}`);
  };
  const pointer = (run: (error: number, to: number) => void): number => {
    call((at) => run(at, result));
    return word(result);
  };
  return Object.assign(call, {
    pointer,
    optionalPointer(run: (error: number, to: number) => void): number {
      run(error, result);
      return word(error) === 0 ? word(result) : 0;
    },
    plane(run: (stride: number) => number) {
      const at = run(result);
      return { at, stride: word(result) };
    },
    free() {
      library._free(error);
      library._free(result);
    },
  });
}
