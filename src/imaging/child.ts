/**
 * The child process that opens files of unknown origin: one job at a time, no secrets in its environment. It ends when
 * its parent does, however that ends.
 */
import { codeOf, Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import { HEAD_BYTES, sniff } from "../domain/formats.ts";
import { readEnds } from "../originals.ts";
import { readExif } from "./exif.ts";
import { readIptc } from "./iptc.ts";
import { type Job, RAW, type Reply } from "./jobs.ts";
import { look, render } from "./look.ts";

process.on("disconnect", () => process.exit(0));
process.on("message", (job: Job) => {
  void answer(job);
});

async function answer(job: Job): Promise<void> {
  try {
    reply({ id: job.id, ok: true, result: await perform(job) });
  } catch (failure) {
    const { code, message } = faultOf(failure);
    reply({ id: job.id, ok: false, code, message });
  }
}

// A child may outlive a killed daemon for a moment; then there is nobody left to answer.
function reply(answer: Reply): void {
  if (process.connected) process.send?.(answer);
}

async function perform(job: Job): Promise<unknown> {
  switch (job.kind) {
    case "look":
      if (job.previews === null && (await isRaw(job.file))) return RAW;
      return look(job.file, job.into, job.maxPixels, job.previews);
    case "exif":
      return (await isRaw(job.file)) ? RAW : readExif(job.file, job.maxPixels);
    case "iptc":
      if (job.blocks === null && (await isRaw(job.file))) return RAW;
      return readIptc(job.file, job.blocks, job.sidecars);
    case "render":
      return render(job.file, job.into, job.sizes, job.maxPixels);
  }
}

async function isRaw(file: string): Promise<boolean> {
  const { head } = await readEnds(file, HEAD_BYTES, 0);
  return sniff(head) === "raw";
}

// The words libvips and its loaders have for the end of a file that comes too soon.
const TRUNCATED =
  /premature end|unexpected end|truncated|end of (file|stream)|not enough (data|image data)|short read/i;

function faultOf(failure: unknown): { code: FaultCode | null; message: string } {
  if (failure instanceof Fault) return failure;
  const message = messageOf(failure);
  if (/exceeds pixel limit/i.test(message)) return { code: "photo.too-many-pixels", message };
  if (codeOf(failure) !== undefined) return { code: null, message };
  return { code: TRUNCATED.test(message) ? "photo.truncated" : "photo.undecodable", message };
}
