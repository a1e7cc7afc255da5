import { meta } from "./dom.ts";

/** After an update the daemon speaks for another page than this one. What is kept here survives a reload. */
export function compareBuild(now: string | null | undefined): void {
  const bar = document.getElementById("updated");
  if (bar === null || !bar.hidden || now == null || now === meta("build")) return;
  bar.hidden = false;
  bar.querySelector("button")?.addEventListener("click", () => location.reload());
}
