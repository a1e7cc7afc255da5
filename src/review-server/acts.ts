import type { Act, Problem } from "./problems.ts";

/** How an act is asked for, on the page and on the command line. */
export interface Offer {
  readonly label: string;
  /** the form's address below /forms, and its fields */
  readonly to: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly command: string;
}

type About = Pick<Problem, "path" | "code" | "set" | "photo" | "inbox" | "folder" | "asideFor">;

/** @param isAll about everything of its kind in its inbox */
export function offerOf(act: Act, about: About, isAll = false): Offer {
  const { path, code, set, photo, inbox, folder, asideFor } = about;
  const at = { inbox: inbox ?? "", folder: folder ?? "" };
  switch (act) {
    case "retry":
      return { label: "Try again", to: `/sets/${set}/retry`, values: {}, command: line("retry", set) };
    case "take-back": {
      const values = { photo: photo ?? 0 };
      return { label: "Try again", to: `/sets/${set}/take-back`, values, command: line("take-back", set, photo) };
    }
    case "redo":
      return { label: "Redo", to: `/photos/${photo}/redo`, values: {}, command: line("redo", photo) };
    case "go": {
      const place = folder === "" ? inbox : `${inbox}/${folder}`;
      return { label: "Go", to: "/inboxes/go", values: at, command: line("go", place) };
    }
    case "look":
      return { label: "Look again", to: "/inboxes/look", values: at, command: line("look", inbox) };
    case "let-go":
      return { label: "They are gone", to: "/inboxes/let-go", values: at, command: line("let-go", inbox) };
    case "ignore":
      return isAll
        ? {
            label: "Ignore all",
            to: "/problems/ignore",
            values: { inbox: at.inbox, code },
            command: line("ignore", inbox, "--all", code),
          }
        : { label: "Ignore", to: "/problems/ignore", values: { path }, command: line("ignore", path) };
    case "start-again": {
      const values = { set: asideFor ?? "" };
      return { label: "Start again", to: "/start-again", values, command: line("start-again", asideFor) };
    }
  }
}

/** As it can be pasted into a shell. */
const line = (...words: readonly (string | number | null)[]): string =>
  ["photogate", ...words.map((word) => quoted(String(word ?? "")))].join(" ");

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
