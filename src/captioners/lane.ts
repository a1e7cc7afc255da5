import { Fault } from "../domain/fault.ts";
import {
  type Answer,
  type Asking,
  askAgain,
  DESCRIBE,
  type Flaw,
  firstAsking,
  type Noted,
  type Reading,
  readAnswer,
  readAs,
  seesCard,
  type Task,
  type TestCard,
  type Try,
  testCard,
  type Variant,
} from "../domain/model-answer.ts";
import { MINUTE, type Millis } from "../domain/words.ts";
import type { Notebook } from "./notebook.ts";
import { type Identity, KEEP_MS, type ModelServer } from "./server.ts";
import { TooLong } from "./wire.ts";

/** A server with its queue: one question at a time, and only to a model that has lately been seen to see. */
export interface Lane {
  readonly host: string;
  /** what changes its answers and is not said in a question */
  readonly options: Readonly<Record<string, unknown>>;
  /** questions that wait or are being answered */
  waiting(): number;
  /** is it left alone after a fault, so that others are asked first? */
  rests(): boolean;
  /** What it has, asked at most once while all goes well. */
  identity(): Promise<Identity>;
  /**
   * Asks about one photo, again where the answer is flawed.
   *
   * @param keyFor the key under which the answer of such a model to a question with these facts is noted
   * @throws Fault captioner.*
   */
  answer(
    subject: Subject,
    keyFor: (identity: Identity, facts: string) => string,
    signal: AbortSignal,
  ): Promise<Answered>;
  /** Shows it a card if anything was answered since the last, in this run or the one before. @throws Fault captioner.* */
  prove(signal: AbortSignal): Promise<void>;
  /** Gives the model's memory back, if it was used. */
  unload(signal: AbortSignal): Promise<void>;
}

export interface Subject {
  readonly task: Task<unknown>;
  readonly facts: string;
  /** 0 for the first try; a later one is asked with another seed */
  readonly attempt: number;
  readonly picture: () => Promise<Uint8Array>;
  /** facts of the question whose words this one mends; equal to `facts` where it mends none */
  readonly mends: string;
}

export interface Answered {
  readonly identity: Identity;
  readonly key: string;
  /** undefined where no try gave an answer */
  readonly noted: Noted | undefined;
  readonly tries: readonly Try[];
}

export interface LaneTools {
  readonly notebook: Notebook;
  /** draws a test card as a JPEG like those the model is shown */
  readonly draw: (card: TestCard) => Promise<Uint8Array>;
  /** photos between two test cards */
  readonly testEvery: number;
  /** a model failed: the answers under these keys are not to be believed, and are to be forgotten */
  readonly distrusted: (host: string, model: string, why: string, keys: readonly string[]) => Promise<void>;
  /** monotonic */
  readonly elapsed: () => Millis;
  /** aborted when the daemon stops */
  readonly closing: AbortSignal;
}

const REST_MS: Millis = MINUTE;
/** What a server has may change while the daemon runs: somebody pulls the model anew. */
const IDENTITY_MS: Millis = MINUTE;
/** So often one photo may stop a server that goes on for others. */
const MOST_STALLS = 3;
/** What a card is asked with: nothing is known of it. */
const NO_FACTS = JSON.stringify({ subject: null, location: null, people: [], event: null, month: null, genre: null });

interface Ready {
  readonly identity: Identity;
  readonly variant: Variant;
}

export function laneTo(server: ModelServer, tools: LaneTools): Lane {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let restUntil = 0;
  let cards = 0;
  let identity: Promise<Identity> | undefined;
  let identifiedAt = 0;
  let ready: Ready | undefined;
  let lastUsed = 0;
  /** keys of what was answered since the last card that was seen, and who answered; read from the notebook once */
  let unproved: readonly string[] = [];
  let answerer: Identity | undefined;
  /** keys in the notebook: those, and of questions that waited when it was written */
  let foretold: ReadonlySet<string> = new Set();
  /** keys of the questions that wait or are being answered */
  const queued = new Set<(model: Identity) => readonly string[]>();
  const stalls = new Map<string, number>();

  const known = (): Promise<Identity> => {
    if (tools.elapsed() - identifiedAt > IDENTITY_MS) identity = undefined;
    if (identity !== undefined) return identity;
    identifiedAt = tools.elapsed();
    identity = server.identify(tools.closing).catch((cause: unknown) => {
      identity = undefined;
      throw cause;
    });
    return identity;
  };

  /** One after the other, and after a fault everything is found out anew. */
  async function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    waiting += 1;
    const turn = tail.then(async () => {
      signal.throwIfAborted();
      return work();
    });
    tail = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (cause) {
      if (cause instanceof Fault) restUntil = tools.elapsed() + REST_MS;
      throw cause;
    } finally {
      waiting -= 1;
    }
  }

  async function once(subject: Subject, asking: Asking, signal: AbortSignal): Promise<{ answer: Answer; tried: Try }> {
    const begun = tools.elapsed();
    const answer = await server
      .ask({ ...asking, task: subject.task, facts: subject.facts, picture: await subject.picture() }, signal)
      .catch(ifTooLong);
    const { variant, seed, temperature } = asking;
    const ms = Math.round(tools.elapsed() - begun);
    return { answer, tried: { variant, seed, temperature, flaw: flawOf(readAs(answer, subject.task)), ms } };
  }

  const cardAs = (card: TestCard): Subject => ({
    task: DESCRIBE,
    facts: NO_FACTS,
    attempt: 0,
    picture: () => tools.draw(card),
    mends: NO_FACTS,
  });

  async function looksAt(card: TestCard, variant: Variant, signal: AbortSignal): Promise<string | undefined> {
    const { answer } = await once(cardAs(card), firstAsking(variant), signal);
    const reading = readAnswer(answer);
    if (reading.kind === "flawed") return reading.flaw;
    if (seesCard(card, reading.reply)) return undefined;
    return `of a ${card.circle} circle beside a ${card.square} square it says ${JSON.stringify(reading.reply.caption.slice(0, 120))}`;
  }

  /** Which way of asking works is found out once for each model and version of the server. */
  async function probe(model: Identity, signal: AbortSignal): Promise<Variant> {
    const noted = await tools.notebook.variant(model);
    if (noted !== undefined && server.variants.includes(noted)) return noted;
    const reasons: string[] = [];
    for (const variant of server.variants) {
      const why = await looksAt(testCard(0), variant, signal);
      if (why === undefined) {
        await tools.notebook.noteVariant(model, variant);
        return variant;
      }
      reasons.push(`${variant}: ${why}`);
    }
    throw new Fault(
      "captioner.blind",
      `${model.model} at ${server.host} answers no way of asking (${reasons.join("; ")})`,
    );
  }

  /** A run that was cut off has left answers that no card stands behind. */
  async function recall(model: Identity): Promise<void> {
    if (answerer !== undefined) return;
    const noted = await tools.notebook.unproved(server.host, model.model);
    answerer = noted?.answerer;
    unproved = noted?.keys ?? [];
    foretold = new Set(unproved);
  }

  async function remember(model: Identity, keys: readonly string[]): Promise<void> {
    await tools.notebook.noteUnproved({ host: server.host, answerer: model, keys });
    foretold = new Set(keys);
  }

  /** One write for all that wait: a key nobody answers to is in nobody's way. */
  async function foretell(model: Identity, keys: readonly string[]): Promise<void> {
    if (keys.every((key) => foretold.has(key))) return;
    const waiting = [...queued].flatMap((keysOf) => keysOf(model));
    await remember(model, [...new Set([...unproved, ...keys, ...waiting])]);
  }

  async function believe(model: Identity): Promise<void> {
    unproved = [];
    if (foretold.size > 0) await remember(model, []);
  }

  async function distrust(model: Identity, why: string): Promise<void> {
    await tools.distrusted(server.host, model.model, why, unproved);
    await believe(model);
  }

  async function prove({ identity: model, variant }: Ready, signal: AbortSignal): Promise<void> {
    cards += 1;
    const why = await looksAt(testCard(cards), variant, signal);
    if (why !== undefined) {
      await distrust(model, why);
      throw new Fault("captioner.blind", `${model.model} at ${server.host} does not see: ${why}`);
    }
    await believe(model);
  }

  const isProved = (): boolean => unproved.length < tools.testEvery && tools.elapsed() - lastUsed < KEEP_MS;

  async function makeReady(signal: AbortSignal, how: "if-needed" | "anew" = "if-needed"): Promise<Ready> {
    if (ready !== undefined && how === "if-needed" && isProved()) return ready;
    const before = ready;
    ready = undefined;
    identity = undefined;
    const now = await known();
    await recall(now);
    if (answerer !== undefined && !isSame(answerer, now))
      await distrust(answerer, `the model is another one now: ${now.digest}`);
    answerer = now;
    if (before === undefined || !isSame(before.identity, now)) await server.load(signal);
    const next = { identity: now, variant: await probe(now, signal) };
    await prove(next, signal);
    lastUsed = tools.elapsed();
    ready = next;
    return next;
  }

  async function ask(
    subject: Subject,
    use: Ready,
    keys: readonly [string, string],
    signal: AbortSignal,
  ): Promise<Answered> {
    const [key] = keys;
    const tries: Try[] = [];
    const flaws: Flaw[] = [];
    for (
      let asking: Asking | undefined = firstAsking(use.variant, subject.attempt);
      asking !== undefined;
      asking = askAgain(asking, flaws)
    ) {
      const { answer, tried } = await once(subject, asking, signal);
      tries.push(tried);
      if (tried.flaw === null) {
        const noted = { answer, tries };
        // First: killed in between, the answer would be believed for ever.
        await foretell(use.identity, keys);
        unproved = [...new Set([...unproved, ...keys])];
        await tools.notebook.noteAnswer(key, noted);
        return { identity: use.identity, key, noted, tries };
      }
      flaws.push(tried.flaw);
    }
    return { identity: use.identity, key, noted: undefined, tries };
  }

  /** A photo at which a server stops that goes on for others: it is the photo, and the others are not held up for it. */
  async function stalledAt(key: string, cause: unknown, signal: AbortSignal): Promise<Answered> {
    if (!(cause instanceof Fault && cause.code === "captioner.timeout")) throw cause;
    stalls.set(key, (stalls.get(key) ?? 0) + 1);
    if ((stalls.get(key) ?? 0) < MOST_STALLS) throw cause;
    const { identity: model, variant } = await makeReady(signal);
    stalls.delete(key);
    const tried: Try = { variant, seed: 1, temperature: 0, flaw: "stalled", ms: 0 };
    return { identity: model, key, noted: undefined, tries: [tried] };
  }

  return {
    host: server.host,
    options: server.options,
    waiting: () => waiting,
    rests: () => tools.elapsed() < restUntil,
    identity: known,
    async answer(subject, keyFor, signal) {
      const keysOf = (model: Identity): readonly [string, string] => [
        keyFor(model, subject.facts),
        keyFor(model, subject.mends),
      ];
      queued.add(keysOf);
      const answered = inTurn(signal, async () => {
        const use = await makeReady(signal);
        const keys = keysOf(use.identity);
        try {
          const found = await ask(subject, use, keys, signal);
          lastUsed = tools.elapsed();
          return found;
        } catch (cause) {
          // Whatever went wrong may have been the end of the model: it is looked at again before it is believed.
          ready = undefined;
          identity = undefined;
          return await stalledAt(keys[0], cause, signal);
        }
      });
      return answered.finally(() => queued.delete(keysOf));
    },
    prove: async (signal) =>
      inTurn(signal, async () => {
        await recall(await known());
        if (unproved.length > 0) await makeReady(signal, "anew");
      }),
    unload: async (signal) =>
      inTurn(signal, async () => {
        if (ready === undefined) return;
        ready = undefined;
        await server.unload(signal);
      }),
  };
}

const isSame = (one: Identity, other: Identity): boolean =>
  one.digest === other.digest && one.version === other.version && one.model === other.model;

const flawOf = (reading: Reading<unknown>): Flaw | null => (reading.kind === "flawed" ? reading.flaw : null);

function ifTooLong(cause: unknown): Answer {
  if (!(cause instanceof TooLong)) throw cause;
  return { content: "", thinking: "", doneReason: "too-long", tokens: [] };
}
