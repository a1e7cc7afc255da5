import type { CorrectedText, ProposedCorrection, ProposedPhoto } from "../../domain/correction.ts";
import type { Row } from "../rows.ts";
import type { Commands } from "./commands.ts";
import { el, must, part, setText } from "./dom.ts";
import { clientOfTab, nextSequence } from "./kept.ts";
import { CHANGED_FIELDS, count } from "./names.ts";
import { changeNodes } from "./proof.ts";
import { post, Refused, Unreachable } from "./server.ts";

export interface CorrectHost {
  readonly set: string;
  /** the photo in focus; undefined where there is none */
  here(): Row | undefined;
  /** what the filter shows */
  shown(): readonly Row[];
  /** what is typed and on its way must be there first. @returns whether everything got through */
  flush(): Promise<boolean>;
  /** brings the rows up to date */
  taken(photos: readonly ProposedPhoto[]): Promise<void>;
}

const TEXTS = ["subject", "location", "category", "kind"] as const;
type Text = (typeof TEXTS)[number];
/** More than these nobody reads in a dialog; the rest is counted. */
const MOST_SHOWN = 100;

/** What a photo is put right to be, and what follows from it: shown as old and new, then taken in one step. */
export function correctWith(host: CorrectHost): Commands {
  const dialog = must("correct", HTMLDialogElement);
  const form = must("correct-form", HTMLFormElement);
  const take = must("correct-take", HTMLButtonElement);
  const show = must("correct-show", HTMLButtonElement);
  const address = `/api/sets/${encodeURIComponent(host.set)}/corrections`;
  let row: Row | undefined;
  let proposed: ProposedCorrection | undefined;
  /** what is asked for now; an answer to an earlier question counts for nothing */
  let asking = 0;

  const field = (name: Text): HTMLInputElement => must(`correct-${name}`, HTMLInputElement);
  const was = (name: Text): string => (name === "category" ? row?.folder : row?.[name]) ?? "";
  const chosen = (): readonly Row[] =>
    new FormData(form).get("scope") === "shown" ? host.shown() : row === undefined ? [] : [row];

  const forget = (): void => {
    asking += 1;
    proposed = undefined;
    take.disabled = true;
    part("correct-photos").hidden = true;
    setText(part("correct-said"), "");
  };
  const fail = (failure: unknown): void => {
    if (!(failure instanceof Refused || failure instanceof Unreachable)) throw failure;
    const remedy = failure instanceof Refused ? ` ${failure.remedy}` : "";
    setText(part("correct-said"), `${failure.message}.${remedy}`);
  };

  const said = (): object => ({
    photos: chosen().map(({ id }) => id),
    ...Object.fromEntries(
      TEXTS.filter((name) => field(name).value !== was(name)).map((name) => [name, field(name).value]),
    ),
    anew: new FormData(form).getAll("anew"),
  });
  const showChanges = async (): Promise<void> => {
    forget();
    const mine = asking;
    setText(part("correct-said"), "Being made …");
    show.disabled = true;
    try {
      if (!(await host.flush())) throw new Unreachable("What you typed has not reached photogate yet");
      const answer = await post<ProposedCorrection>(address, said());
      if (mine === asking) showAnswer(answer);
    } catch (failure) {
      if (mine === asking) fail(failure);
    } finally {
      show.disabled = false;
    }
  };
  const showAnswer = (answer: ProposedCorrection): void => {
    proposed = answer;
    const { photos } = answer;
    take.disabled = photos.length === 0;
    setText(take, photos.length > 1 ? `Take it for ${photos.length} photos` : "Take it");
    setText(part("correct-said"), sumOf(answer));
    const list = part("correct-photos");
    list.hidden = photos.length === 0;
    list.replaceChildren(...photos.slice(0, MOST_SHOWN).map(changesOf));
    if (photos.length > 0) take.focus();
  };

  form.addEventListener("input", forget);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void showChanges();
  });
  must("correct-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", forget);
  take.addEventListener("click", () => {
    if (proposed === undefined) return;
    const { id, photos } = proposed;
    take.disabled = true;
    post(`${address}/${id}/take`, { client: clientOfTab(), seq: nextSequence() })
      .then(async () => {
        dialog.close();
        await host.taken(photos);
      })
      .catch(fail);
  });

  return {
    "correct.open": () => {
      row = host.here();
      if (row === undefined) return;
      form.reset();
      forget();
      for (const name of TEXTS) field(name).value = was(name);
      setText(part("correct-one"), row.file);
      setText(part("correct-shown"), `all ${host.shown().length} on the grid`);
      dialog.showModal();
      field("subject").select();
    },
  };
}

function sumOf({ photos, unchanged, leftOut }: ProposedCorrection): string {
  const voided = photos.filter(({ voids }) => voids).length;
  const hidden = photos.length - MOST_SHOWN;
  return [
    photos.length === 0 ? "Nothing would change." : `${count(photos.length, "photo")} would change.`,
    ...(hidden > 0 ? [`The first ${MOST_SHOWN} are shown.`] : []),
    ...(unchanged > 0 && photos.length > 0 ? [`${count(unchanged, "photo")} would not.`] : []),
    ...leftOut.map(({ file, why }) => `${file}: ${why}.`),
    ...(voided > 0 ? [`It takes back ${count(voided, "approval")}.`] : []),
  ].join(" ");
}

function changesOf({ file, before, after, kept, blocked }: ProposedPhoto): HTMLElement {
  const isOther = ([name]: readonly [keyof CorrectedText, string]): boolean => before[name] !== after[name];
  const lines = CHANGED_FIELDS.filter(isOther).flatMap(([name, label]) => [
    el("dt", {}, label),
    el("dd", { class: "change" }, ...changeNodes(before[name], after[name])),
  ]);
  return el(
    "section",
    {},
    el("h3", {}, el("bdi", {}, file)),
    el("dl", {}, ...lines),
    ...(kept.length === 0 ? [] : [el("p", { class: "hint" }, `Stays, because a person wrote it: ${kept.join(", ")}.`)]),
    ...blocked.map((why) => el("p", { class: "warn" }, `Blocked: ${why}`)),
  );
}
