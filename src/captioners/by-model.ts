import { readFile } from "node:fs/promises";
import { knownFacts, phrasesIn, proposedBy, rewriteFacts, writtenFirst } from "../domain/captioning.ts";
import { Fault, messageOf } from "../domain/fault.ts";
import { IDENTIFY, IDENTIFYING_VERSION } from "../domain/identification.ts";
import {
  certainty,
  DESCRIBE,
  PROMPT_VERSION,
  readAnswer,
  readAs,
  SHAPE_VERSION,
  type Task,
} from "../domain/model-answer.ts";
import type { Captioner, CaptionRequest, Draft, ModelPicture, RewriteRequest } from "../domain/ports.ts";
import { MINUTE, type Millis, SECOND } from "../domain/words.ts";
import { type Answered, type Lane, type LaneTools, laneTo } from "./lane.ts";
import { sha256 } from "./notebook.ts";
import type { Identity, ModelServer } from "./server.ts";
import { template } from "./template.ts";

/** Words by a model, over any server that runs one. Words somebody wrote are left as they are, as everywhere. */

export interface ModelSettings {
  /** keywords the photographer likes */
  readonly vocabulary: readonly string[];
  /** give the model's memory back after a minute without a question */
  readonly freeMemory: boolean;
}

export interface ModelCaptioner extends Captioner {
  identify(...asked: Parameters<NonNullable<Captioner["identify"]>>): ReturnType<NonNullable<Captioner["identify"]>>;
  rewrite(...asked: Parameters<NonNullable<Captioner["rewrite"]>>): ReturnType<NonNullable<Captioner["rewrite"]>>;
  /** Shows test cards where answers were given since the last; what is found out is announced. */
  prove(): Promise<void>;
  /** Hangs up, and gives memory back where that was wanted. */
  close(): Promise<void>;
}

/** Without a question for so long, what was answered last is proved, so that it is not a set at its gate that nobody vouches for. */
const PROVE_MS: Millis = 2 * SECOND;
const IDLE_MS: Millis = MINUTE;
const FAREWELL_MS: Millis = 3 * SECOND;

/** @param servers asked side by side, one photo each at a time; none where the settings name none */
export function captionerByModel(
  name: string,
  servers: readonly ModelServer[],
  settings: ModelSettings,
  tools: Omit<LaneTools, "closing">,
): ModelCaptioner {
  const closing = new AbortController();
  const lanes = servers.map((server) => laneTo(server, { ...tools, closing: closing.signal }));
  let idle: NodeJS.Timeout | undefined;
  let quiet: NodeJS.Timeout | undefined;

  const unload = async (limitMs: Millis): Promise<void> => {
    await Promise.allSettled(lanes.map((lane) => lane.unload(AbortSignal.timeout(limitMs))));
  };
  // What is found out then is found out again with the next question, and said there.
  const prove = async (): Promise<void> => {
    await Promise.allSettled(lanes.map((lane) => lane.prove(closing.signal)));
  };
  const restLater = (): void => {
    clearTimeout(idle);
    clearTimeout(quiet);
    if (closing.signal.aborted || lanes.some((lane) => lane.waiting() > 0)) return;
    quiet = setTimeout(() => void prove(), PROVE_MS);
    if (settings.freeMemory) idle = setTimeout(() => void unload(MINUTE), IDLE_MS);
  };

  const put = async (picture: ModelPicture, question: Question, signal: AbortSignal): Promise<Answered> => {
    if (lanes.length === 0) throw new Fault("captioner.unset", `the settings name no server for ${name}`);
    clearTimeout(idle);
    try {
      return await answeredBy(lanes, picture, question, tools, AbortSignal.any([signal, closing.signal]));
    } finally {
      restLater();
    }
  };
  const ask = async (request: CaptionRequest, rewrite: RewriteRequest | undefined, signal: AbortSignal) => {
    const facts = JSON.stringify(knownFacts(request, settings.vocabulary));
    const again =
      rewrite === undefined
        ? { facts, mends: facts, attempt: 0 }
        : { facts: rewriteFacts(facts, rewrite), mends: facts, attempt: rewrite.attempt };
    // Asked for anew it is another question, or the answer that is noted would be given again.
    const take = request.context.wordsTake ?? 0;
    const versions = [PROMPT_VERSION, SHAPE_VERSION, ...(take === 0 ? [] : [`take ${take}`])];
    return put(request.picture, { task: DESCRIBE, versions, ...again, attempt: again.attempt + take }, signal);
  };

  return {
    name,
    async caption(request, signal) {
      if (request.written?.caption && request.written.altText && request.written.keywords)
        return { ...(await template.caption(request, signal)), captioner: name };
      return wordsOf(name, request, await ask(request, undefined, signal), signal);
    },
    async rewrite(request, rewrite, signal) {
      const { noted } = await ask(request, rewrite, signal);
      const reading = noted && readAnswer(noted.answer);
      return reading?.kind === "good" ? proposedBy(reading.reply)[rewrite.field] : undefined;
    },
    async identify({ picture }, signal) {
      const versions = [IDENTIFY.name, IDENTIFYING_VERSION];
      const { identity, key, noted } = await put(
        picture,
        { task: IDENTIFY, versions, facts: "", mends: "", attempt: 0 },
        signal,
      );
      const reading = noted && readAs(noted.answer, IDENTIFY);
      return reading?.kind === "good"
        ? { ...reading.reply, by: { ...identity, prompt: IDENTIFYING_VERSION, key } }
        : undefined;
    },
    prove,
    async close() {
      clearTimeout(idle);
      clearTimeout(quiet);
      closing.abort();
      if (settings.freeMemory) await unload(FAREWELL_MS);
    },
  };
}

interface Question {
  readonly task: Task<unknown>;
  /** of what is asked: another one is another question */
  readonly versions: readonly (string | number)[];
  /** what is known, and of a second try what is wrong */
  readonly facts: string;
  /** what is known alone */
  readonly mends: string;
  /** 0 for the first try */
  readonly attempt: number;
}

async function answeredBy(
  lanes: readonly Lane[],
  picture: ModelPicture,
  question: Question,
  { notebook }: Pick<LaneTools, "notebook">,
  signal: AbortSignal,
): Promise<Answered> {
  const keyOn =
    ({ options }: Lane) =>
    (identity: Identity, facts: string): string =>
      sha256(JSON.stringify([picture.sha256, identity, ...question.versions, options, facts]));
  for (const lane of lanes) {
    // A server that is away has its fault when it is asked.
    const identity = await lane.identity().catch(() => undefined);
    const key = identity && keyOn(lane)(identity, question.facts);
    const noted = key === undefined ? undefined : await notebook.answer(key, question.task);
    if (identity !== undefined && key !== undefined && noted !== undefined)
      return { identity, key, noted, tries: noted.tries };
  }
  const subject = { ...question, picture: async () => bytesOf(picture) };
  return onBest(lanes, signal, async (lane) => lane.answer(subject, keyOn(lane), signal));
}

/** The shortest queue first; where a server fails, the next. @throws the fault of the last where all do */
async function onBest<T>(lanes: readonly Lane[], signal: AbortSignal, work: (lane: Lane) => Promise<T>): Promise<T> {
  const left = new Set(lanes);
  for (;;) {
    const [best] = [...left].sort((a, b) => Number(a.rests()) - Number(b.rests()) || a.waiting() - b.waiting());
    if (best === undefined) throw new Error("there is no server to ask");
    left.delete(best);
    try {
      return await work(best);
    } catch (cause) {
      signal.throwIfAborted();
      if (!(cause instanceof Fault) || left.size === 0) throw cause;
    }
  }
}

/** @throws Fault disk.failed where our own preview cannot be read, or is not what was made */
async function bytesOf({ file, sha256: expected }: ModelPicture): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Fault("disk.failed", `${file}: ${messageOf(cause)}`, { cause });
  });
  const found = sha256(bytes);
  if (found !== expected) throw new Fault("disk.failed", `${file} has sha256 ${found}, made with ${expected}`);
  return bytes;
}

async function wordsOf(
  name: string,
  request: CaptionRequest,
  { identity, key, noted, tries }: Answered,
  signal: AbortSignal,
): Promise<Draft> {
  const about = { ...identity, prompt: PROMPT_VERSION, shape: SHAPE_VERSION, key, tries: [...tries] };
  const reading = noted && readAnswer(noted.answer);
  if (noted === undefined || reading?.kind !== "good")
    return {
      ...(await template.caption(request, signal)),
      evidence: { ...about, visible: [], uncertain: [], logprob: null, doneReason: null, said: "" },
    };
  const { reply } = reading;
  const proposal = proposedBy(reply);
  return {
    ...writtenFirst(request.written, proposal),
    captioner: name,
    evidence: {
      ...about,
      visible: phrasesIn(reply.visible),
      uncertain: phrasesIn(reply.uncertain),
      logprob: certainty(noted.answer),
      doneReason: noted.answer.doneReason,
      said: sha256(JSON.stringify(proposal)),
    },
  };
}
