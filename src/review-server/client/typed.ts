/** What the rules say of words while they are typed: the server is asked, which has the rules and their lists. Nothing is stored. */
import type { WordEvidence } from "../../domain/evidence.ts";
import type { FoundFlaw } from "../../domain/proof.ts";
import type { SpellingMarks } from "../../domain/spelling-marks.ts";
import { Refused, Unreachable } from "./server.ts";

/** Fields as they are typed, where they are other than what is stored. */
export type Typed = Readonly<Record<string, unknown>>;

export interface Checked {
  readonly flaws: readonly FoundFlaw[];
  /** null before there are words */
  readonly evidence: WordEvidence | null;
  /** null while the words are still looked up */
  readonly spelling: SpellingMarks | null;
}

export interface Checking {
  /** Asks once the hand has rested; whatever was asked before is not waited for any more. */
  soon(photo: number, typed: Typed): void;
}

const REST_MS = 200;
const AGAIN_MS = 1_000;

export function checkingWith(
  ask: (photo: number, typed: Typed) => Promise<Checked>,
  answered: (photo: number, answer: Checked) => void,
): Checking {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;
  const send = async (photo: number, typed: Typed, mine: number): Promise<void> => {
    try {
      const answer = await ask(photo, typed);
      if (mine !== newest) return;
      answered(photo, answer);
      if (answer.spelling === null) timer = setTimeout(() => void send(photo, typed, mine), AGAIN_MS);
    } catch (failure) {
      // What cannot be asked now is judged when it is sent.
      if (!(failure instanceof Refused || failure instanceof Unreachable)) throw failure;
    }
  };
  return {
    soon(photo, typed) {
      clearTimeout(timer);
      newest += 1;
      const mine = newest;
      timer = setTimeout(() => void send(photo, typed, mine), REST_MS);
    },
  };
}
