/**
 * The child process that opens files of unknown origin: one job at a time, no secrets in its environment. It ends when
 * its parent does, however that ends.
 */
import { codeOf, Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import { HEAD_BYTES, isImage, sniff, structureFlaw, TAIL_BYTES } from "../domain/formats.ts";
import { readEnds } from "../originals.ts";
import { alike } from "./alike.ts";
import { complaintOf } from "./complaint.ts";
import { readExif } from "./exif.ts";
import { framingOf } from "./framing.ts";
import { readIptc } from "./iptc.ts";
import { type Job, RAW, type Reply } from "./jobs.ts";
import { look, render } from "./look.ts";
import { printsOf } from "./prints.ts";
import { tile } from "./tile.ts";

process.on("disconnect", () => process.exit(0));
process.on("message", (job: Job) => {
  void answer(job);
});

/** How often a child at work looks at how much memory it has taken. */
const MEMORY_EVERY_MS = 100;

async function answer(job: Job): Promise<void> {
  const watch = setInterval(() => assertMemory(job), MEMORY_EVERY_MS);
  try {
    reply({ id: job.id, ok: true, result: await perform(job) });
  } catch (failure) {
    const { code, message } = await faultOf(failure, job);
    reply({ id: job.id, ok: false, code, message });
  } finally {
    clearInterval(watch);
  }
}

/** What takes too much is answered at once: the parent ends this process, and with it the work that cannot be stopped. */
function assertMemory({ id, maxBytes }: Job): void {
  const bytes = process.memoryUsage.rss();
  if (bytes <= maxBytes) return;
  const message = `${Math.round(bytes / 1e6)} MB, a decoder may have ${Math.round(maxBytes / 1e6)} MB`;
  reply({ id, ok: false, code: "photo.too-much-memory", message });
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
    case "crops":
      if (job.previews === null && (await isRaw(job.file))) return RAW;
      return framingOf(job.file, job.into, job.maxPixels, job.previews);
    case "fingerprint":
      return fingerprintOf(job);
    case "exif":
      return (await isRaw(job.file)) ? RAW : readExif(job.file, job.maxPixels);
    case "iptc":
      if (job.blocks === null && (await isRaw(job.file))) return RAW;
      return readIptc(job.file, job.blocks, job.sidecars);
    case "alike":
      return alike(job.pairs);
    case "render":
      return render(job.file, job.into, job.want, job.maxPixels);
    case "tile":
      return tile(job.file, job.part, job.maxPixels);
    case "score":
      // With its schemas, which nothing else here needs.
      return (await import("./scorer.ts")).score(job.file, job.plugin);
  }
}

async function fingerprintOf({
  file,
  into,
  wantsModel,
  maxPixels,
  previews,
}: Job & { kind: "fingerprint" }): Promise<unknown> {
  const { head } = await readEnds(file, HEAD_BYTES, 0);
  const type = sniff(head);
  if (previews === null && type === "raw") return RAW;
  return { type, ...(await printsOf(file, into, wantsModel, maxPixels, previews)) };
}

async function isRaw(file: string): Promise<boolean> {
  const { head } = await readEnds(file, HEAD_BYTES, 0);
  return sniff(head) === "raw";
}

/** What a missing end looks like to those who do not look for it. */
const BY_A_MISSING_END: ReadonlySet<FaultCode | null> = new Set<FaultCode>(["photo.undecodable", "photo.no-preview"]);

interface Failing {
  readonly code: FaultCode | null;
  readonly message: string;
}

async function faultOf(failure: unknown, job: Job): Promise<Failing> {
  const failing = failingOf(failure, job.maxPixels);
  return "file" in job && job.file !== null && BY_A_MISSING_END.has(failing.code) && (await lacksItsEnd(job.file))
    ? { code: "photo.truncated", message: failing.message }
    : failing;
}

function failingOf(failure: unknown, maxPixels: number): Failing {
  if (failure instanceof Fault) return failure;
  const message = messageOf(failure);
  return codeOf(failure) === undefined ? complaintOf(message, maxPixels) : { code: null, message };
}

async function lacksItsEnd(file: string): Promise<boolean> {
  try {
    const { head, tail, bytes } = await readEnds(file, HEAD_BYTES, TAIL_BYTES);
    // What is no picture at all lacks more than its end.
    const flaw = isImage(sniff(head)) ? structureFlaw(head, tail, bytes) : undefined;
    return flaw === "short" || flaw === "no-end-marker";
  } catch {
    return false;
  }
}
