/**
 * The built daemon with its first stage waiting until a file called `go` lies in its home: what a person can do with a set
 * that was taken in and not worked on. Takes the words of `photogate start`, the last of which is the home.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Seams } from "../../src/daemon.ts";
import type { LoadedPhoto } from "../../src/domain/photo.ts";
import type { Stage, StageContext } from "../../src/domain/stage.ts";

const home = process.argv.at(-1) ?? "";
const POLL_MS = 50;

const waiting = (stage: Stage): Stage =>
  stage.name !== "validate" || stage.kind !== "photo"
    ? stage
    : {
        ...stage,
        async run(photo: LoadedPhoto, context: StageContext) {
          while (!existsSync(join(home, "go"))) await sleep(POLL_MS, undefined, { signal: context.signal });
          return stage.run(photo, context);
        },
      };

const built = (module: string): string => new URL(`../../dist/${module}`, import.meta.url).href;
const { startDaemon }: typeof import("../../src/daemon.ts") = await import(built("daemon.js"));
const { readConfig }: typeof import("../../src/config.ts") = await import(built("config.js"));
const seams: Seams = { stages: (stages) => stages.map(waiting) };
const daemon = await startDaemon(readConfig(home), () => undefined, seams);
process.stdout.write(`${daemon.link()}\n`);
process.once("SIGTERM", () => void daemon.stop());
