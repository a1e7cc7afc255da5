/**
 * Acts out the script of a drop on a real disk, and keeps a log of when each act really was. Killed where the script says so.
 *
 *     node tests/chaos/drops/writer.ts SCRIPT.json LOG HOME
 */
import {
  appendFileSync,
  closeSync,
  constants,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Act, fromJson, type Script } from "./script.ts";

const [scriptFile = "", logFile = "", home = ""] = process.argv.slice(2);
const script: Script = fromJson(readFileSync(scriptFile, "utf8"));
const open = new Map<string, number>();

/** What a writer holds open can be seen in the system's list of processes; another one closes its file after every write. */
function inFile({ path, ends }: Extract<Act, { do: "write" | "size" }>, change: (file: number) => void): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  const file = open.get(path) ?? openSync(join(home, path), constants.O_RDWR | constants.O_CREAT, 0o644);
  change(file);
  const stays = script.isVisible && !ends;
  if (stays) open.set(path, file);
  else {
    closeSync(file);
    open.delete(path);
  }
}

function perform(act: Act): void {
  switch (act.do) {
    case "write":
      inFile(act, (file) => writeSync(file, act.bytes, 0, act.bytes.length, act.offset));
      return;
    case "size":
      inFile(act, (file) => ftruncateSync(file, act.bytes));
      return;
    case "rename":
      mkdirSync(dirname(join(home, act.to)), { recursive: true });
      renameSync(join(home, act.from), join(home, act.to));
      return;
    case "remove":
      unlinkSync(join(home, act.path));
      return;
    case "mtime":
      utimesSync(join(home, act.path), act.ms / 1000, act.ms / 1000);
      return;
    case "die":
      process.kill(process.pid, "SIGKILL");
      return;
    case "hold":
    case "go":
    case "decide":
      throw new Error(`a writer cannot ${act.do}`);
  }
}

const begun = performance.now();
for (const act of script.acts) {
  await sleep(Math.max(0, begun + act.at - performance.now()));
  // Before, not after: what is seen of it is never earlier than that.
  appendFileSync(logFile, `${performance.timeOrigin + performance.now()}\n`);
  perform(act);
}
