/** A decoder as the settings want it, for the daemon and for the verbs that open photos without one. */
import { type Config, childEnvironment } from "./config.ts";
import { type Decoder, startDecoder } from "./imaging/decoder.ts";

export const decoderFor = (
  { maxPixels, decodeLimitMs, decoders }: Pick<Config, "maxPixels" | "decodeLimitMs" | "decoders">,
  children = decoders,
): Decoder => startDecoder({ children, maxPixels, limitMs: decodeLimitMs, environment: childEnvironment() });
