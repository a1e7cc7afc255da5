/** The verbs about models: they ask the models' servers, with or without a daemon. */
import type { Config } from "./config.ts";
import { sizeText } from "./domain/words.ts";
import { pullModels } from "./models.ts";

type Say = (line: string) => void;

/**
 * Progress goes to stderr, a line for each step and each whole per cent, so that it reads in a log as well.
 *
 * @throws Fault captioner.*
 */
export async function pull(config: Config, name: string, say: Say, note: Say): Promise<number> {
  let last = "";
  // Ctrl+C ends the process and with it the connection: the server stops, and keeps what it has.
  const { signal } = new AbortController();
  await pullModels(
    config,
    name,
    (host, { status, completed, total }) => {
      const part =
        completed === undefined || total === undefined || total === 0
          ? ""
          : ` ${Math.floor((100 * completed) / total)} % of ${sizeText(total)}`;
      const line = `${host}: ${status}${part}`;
      if (line !== last) note(line);
      last = line;
    },
    signal,
  );
  say(
    `${name} is there. To use it, set captioner.ollama.model to "${name}" and "captioner": "ollama" for an inbox or a profile.`,
  );
  return 0;
}
