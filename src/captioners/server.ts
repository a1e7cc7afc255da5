import type { Answer, Asking, Task, Variant } from "../domain/model-answer.ts";
import { MINUTE, type Millis } from "../domain/words.ts";

/** How long a server is to keep the model in its memory after a question. */
export const KEEP_MS: Millis = 30 * MINUTE;

/** What a model's server must be able to do, whatever it speaks. */
export interface ModelServer {
  /** its address, for messages */
  readonly host: string;
  /** ways of holding it to a shape, the best first */
  readonly variants: readonly Variant[];
  /** options that change answers and are not part of a question */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Asks the server what it has, not the model.
   *
   * @throws Fault captioner.*
   */
  identify(signal: AbortSignal): Promise<Identity>;
  /** Has the model loaded, if it is not yet. */
  load(signal: AbortSignal): Promise<void>;
  /** @throws TooLong, Fault captioner.* */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
  /** Gives back the memory the model takes. */
  unload(signal: AbortSignal): Promise<void>;
}

/** Answers of equal identities to equal questions can be expected to be equal. */
export interface Identity {
  readonly model: string;
  readonly digest: string;
  readonly version: string;
}

export interface Question extends Asking {
  readonly task: Task<unknown>;
  /** JSON of what is known */
  readonly facts: string;
  readonly picture: Uint8Array;
}
