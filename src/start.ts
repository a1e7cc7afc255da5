/** `photogate start`: the daemon in the foreground, with a terminal around it. */
import open from "open";
import { type Config, hasScreen } from "./config.ts";
import { startDaemon } from "./daemon.ts";
import { Fault, messageOf } from "./domain/fault.ts";
import { SECOND } from "./domain/words.ts";
import { dropPracticeSet } from "./practice.ts";
import type { Say } from "./reading-verbs.ts";
import { saying } from "./sayings.ts";
import { reviewLink } from "./writing-verbs.ts";

export interface StartOptions {
  readonly open: boolean;
  readonly practice?: boolean;
}

/** The first signal asks; after this long, or at the second, it is over. */
const GRACE_MS = 10 * SECOND;
/** One Ctrl+C may arrive twice: from the terminal, and through the process that started us. */
const SAME_PRESS_MS = SECOND;

/** @returns the exit code, when the daemon has stopped */
export async function start(config: Config, options: StartOptions, say: Say): Promise<number> {
  const signalled = firstSignal();
  const daemon = await startDaemon(config, (event) => {
    const line = saying(event);
    if (line !== undefined) say(line);
  }).catch(async (failure: unknown) => {
    if (failure instanceof Fault && failure.code === "lease.taken") say(await whereItRuns(config));
    throw failure;
  });
  process.on("uncaughtException", (error) => {
    daemon.crash("uncaught", error);
    process.stderr.write(
      `Photogate failed in a way nobody foresaw: ${messageOf(error)}. photogate logs --crash tells more.\n`,
    );
    process.exit(70);
  });

  const link = daemon.link();
  for (const { root } of config.inboxes) say(`Drop photos into   ${root}`);
  say(`Review them at     ${link}`);
  say("Stop with Ctrl+C.");
  if (options.open && config.settings.review.openBrowser) await openBrowser(link);
  if (options.practice === true) await practise(config, signalled, say);

  await Promise.race([daemon.stopAsked, signalled]);
  say("Stopping …");
  const overdue = setTimeout(exitAtOnce, GRACE_MS);
  const impatient = setTimeout(() => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, exitAtOnce);
  }, SAME_PRESS_MS);
  await daemon.stop();
  clearTimeout(overdue);
  clearTimeout(impatient);
  process.removeAllListeners("SIGINT");
  process.removeAllListeners("SIGTERM");
  say("Stopped.");
  return 0;
}

async function practise(config: Config, signalled: Promise<void>, say: Say): Promise<void> {
  const stop = new AbortController();
  void signalled.then(() => stop.abort());
  const folder = await dropPracticeSet(config, stop.signal).catch((failure: unknown) => {
    if (!stop.signal.aborted) throw failure;
  });
  if (folder === undefined) return;
  say(`A practice set lies in ${folder}; it is taken in in about ${config.settings.settle.quietSeconds} seconds.`);
}

const firstSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });

// process.exit() waits for file calls that hang on a dead share; SIGKILL does not. Everything acknowledged is in the store.
const exitAtOnce = (): void => {
  process.kill(process.pid, "SIGKILL");
};

async function whereItRuns(config: Config): Promise<string> {
  const link = await reviewLink(config, undefined).catch(() => undefined);
  return link === undefined ? "Another Photogate is starting on this home." : `Photogate is running already: ${link}`;
}

/** Does nothing where there is no screen. */
export async function openBrowser(link: string): Promise<void> {
  if (!hasScreen()) return;
  const browser = await open(link);
  // A machine without a browser is not a failure: the link is on the terminal.
  browser.on("error", () => undefined);
}
