/** The figures of what is arriving run on between two looks of the daemon. */
import { type Arrival, arrivalSays, isStuck } from "../../domain/arrival.ts";
import { SECOND } from "../../domain/words.ts";
import { meta, part, setText } from "./dom.ts";

/** The daemon's clock, for a browser whose own is wrong. */
const ahead = Number(meta("now")) - Date.now();

const shown = (): readonly { readonly node: HTMLElement; readonly arrival: Arrival }[] =>
  [...document.querySelectorAll<HTMLElement>("[data-arrival]")].map((node) => ({
    node,
    // Only what the server drew comes back from it, so it is believed as it is.
    arrival: JSON.parse(node.dataset["arrival"] ?? "") as Arrival,
  }));

export function countDown(): void {
  setInterval(() => {
    for (const { node, arrival } of shown()) setText(node, arrivalSays(arrival, Date.now() + ahead));
  }, SECOND);
}

/** What a listener is told of: that something came, is held or is taken in; never how the seconds go. */
export function tellArrivals(): () => void {
  let before = standing();
  return () => {
    const now = standing();
    const news = [...now]
      .filter(([name, state]) => before.get(name) !== state)
      .map(([name, state]) => `${name}: ${state}`);
    const gone = [...before.keys()].filter((name) => !now.has(name)).map((name) => `${name}: no longer arriving`);
    before = now;
    if (news.length + gone.length > 0) setText(part("status"), [...news, ...gone].join(". "));
  };
}

const standing = (): Map<string, string> => new Map(shown().map(({ arrival }) => [arrival.name, wordFor(arrival)]));

const wordFor = (arrival: Arrival): string =>
  arrival.isHeld ? "held back by you" : isStuck(arrival) ? "stuck" : "arriving";
