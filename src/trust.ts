/** What becomes of what a model said that turns out not to see: it is forgotten, and the photos are asked about anew. */
import { notebookIn } from "./captioners/notebook.ts";
import type { Config } from "./config.ts";
import type { Announce, Event } from "./domain/events.ts";
import type { Clock, Distrust } from "./domain/ports.ts";
import type { SetId } from "./domain/words.ts";
import { answersOf } from "./models.ts";
import type { Store } from "./store/store.ts";

export interface Trust {
  /** Marks the keys, has their answers forgotten, then the words. Killed at any point, the next start goes on. */
  readonly distrust: Distrust;
  /** Words that were under way when their key was marked are found here. To be called with everything that is announced. */
  hear(event: Event): void;
  /** What the last run did not get to. */
  goOn(): Promise<void>;
}

/** @param wake for sets that have something to do again */
export function trustIn(
  config: Config,
  store: Pick<Store, "distrusts">,
  clock: Clock,
  announce: Announce,
  wake: (set: SetId) => void,
): Trust {
  const notebook = notebookIn(answersOf(config));
  const { distrusts } = store;
  const marked = new Set<string>();
  let forgetting = 0;

  const forgetWords = (): void => {
    if (marked.size === 0 || forgetting > 0) return;
    const seen = distrusts.forgetSeen(clock.now());
    const rewritten = [...seen.rewritten, ...distrusts.forget(clock.now())];
    marked.clear();
    for (const key of distrusts.marked()) marked.add(key);
    for (const [set, photos] of Map.groupBy(rewritten, (one) => one.set)) {
      announce({
        kind: "words.distrusted",
        set,
        photos: photos.map(({ photo }) => photo),
        approvals: photos.filter(({ wasApproved }) => wasApproved).length,
        why: photos[0]?.why ?? "",
      });
      wake(set);
    }
    for (const set of seen.sets) wake(set);
  };
  /** The answers go first: words that were asked for again meanwhile must not come from them. */
  const forgetAnswers = async (keys: readonly string[]): Promise<void> => {
    forgetting += 1;
    try {
      for (const key of keys) await notebook.forgetAnswer(key);
    } finally {
      forgetting -= 1;
    }
  };

  return {
    async distrust(keys, why, answers = keys) {
      distrusts.mark(keys, why, clock.now());
      for (const key of keys) marked.add(key);
      await forgetAnswers(answers);
      forgetWords();
    },
    hear(event) {
      if (event.kind === "stage.done" && (event.stage === "words" || event.stage === "subject")) forgetWords();
    },
    async goOn() {
      const keys = distrusts.marked();
      for (const key of keys) marked.add(key);
      await forgetAnswers(keys);
      forgetWords();
      distrusts.clear();
      marked.clear();
    },
  };
}
