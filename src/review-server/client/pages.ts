/** Home, problems and publishing: drawn by the server, and drawn anew when something changed. */

import { countDown, tellArrivals } from "./arrivals.ts";
import { openDialogs } from "./dialogs.ts";
import { part } from "./dom.ts";
import { keptCounts } from "./kept.ts";
import { listen, type Notice, throttled } from "./live.ts";
import { morph } from "./swap.ts";
import { compareBuild } from "./updated.ts";

const EVERY_MS = 500;
/** Times that run on without anything happening, as when an inbox was last looked at, are drawn anew this often. */
const AGAIN_MS = 30_000;

const tell = tellArrivals();
const update = throttled(EVERY_MS, async () => {
  const fresh = await pageAgain();
  if (fresh === undefined) return;
  for (const now of document.querySelectorAll("[data-live]")) {
    const wanted = fresh.getElementById(now.id);
    if (wanted !== null) morph(now, wanted);
  }
  compareBuild(fresh.querySelector<HTMLMetaElement>('meta[name="build"]')?.content);
  document.title = fresh.title;
  tell();
});

listen((notice) => {
  if (concerns(notice)) update();
}, update);

countDown();
setInterval(() => {
  if (document.querySelector(".inboxes") !== null && document.visibilityState === "visible") update();
}, AGAIN_MS);

const concerns = ({ set }: Notice): boolean =>
  [...document.querySelectorAll<HTMLElement>("[data-live]")].some(
    ({ dataset }) => dataset["live"] === "all" || set === null || dataset["live"] === `set:${set}`,
  );

/** The same page as a document of its own, without running anything in it: no text is ever read as HTML by this script. */
function pageAgain(): Promise<Document | undefined> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.addEventListener("load", () =>
      resolve(request.status === 200 ? (request.responseXML ?? undefined) : undefined),
    );
    request.addEventListener("error", () => resolve(undefined));
    request.open("GET", location.pathname);
    request.send();
  });
}

openDialogs();

// No key is bound to publishing, and Enter, pressed without looking, must not do it either.
document.getElementById("cancel")?.focus();

for (const [set, count] of keptCounts()) {
  const link = document.createElement("a");
  link.href = `/s/${encodeURIComponent(set)}`;
  link.textContent = `Open ${set} to save them`;
  part("alert").append(
    ` ${count} ${count === 1 ? "change is" : "changes are"} kept in this browser and not saved yet. `,
    link,
  );
  part("alert").hidden = false;
}
