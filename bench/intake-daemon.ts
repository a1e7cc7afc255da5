/**
 * The built daemon with nothing behind the intake: what is taken in is validated and copied, and goes no further.
 *
 *     node bench/intake-daemon.ts HOME
 */
import type { Seams } from "../src/daemon.ts";

const built = (module: string): string => new URL(`../dist/${module}`, import.meta.url).href;
const { startDaemon }: typeof import("../src/daemon.ts") = await import(built("daemon.js"));
const { readConfig }: typeof import("../src/config.ts") = await import(built("config.js"));

const INTAKE: ReadonlySet<string> = new Set(["validate", "ingest"]);
const seams: Seams = { stages: (stages) => stages.filter(({ name }) => INTAKE.has(name)) };
const daemon = await startDaemon(readConfig(process.argv[2] ?? ""), () => undefined, seams);
process.once("SIGTERM", () => void daemon.stop());
