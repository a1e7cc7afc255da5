/** Programs of others: what we are compared with, and what makes the photos we cannot make ourselves. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What is asked for, and the Debian package it comes from. */
const PROGRAMS: Readonly<Record<string, string>> = {
  convert: "imagemagick",
  gm: "graphicsmagick",
  vipsthumbnail: "libvips-tools",
};
/** Where Debian's packages are. A program of the same name elsewhere may be a wrapper that costs more than it wraps. */
const DEBIANS = "/usr/bin";
const isDebian = (): boolean => existsSync("/etc/debian_version");
/** For peers: Debian's own programs first, whatever else is in the path. */
export const PEER_PATH = `${DEBIANS}${delimiter}${process.env["PATH"] ?? ""}`;
/** Its packages are for no other. */
export const PYTHON = `${DEBIANS}/python3`;
const PYTHON_MODULES: Readonly<Record<string, string>> = { PIL: "python3-pil", scipy: "python3-scipy" };

/** Installs what is missing where it may: as root on Debian. @throws with the names of what is missing elsewhere */
export function ensurePrograms(note: (line: string) => void): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const names = missing.join(", ");
  if (!isDebian() || process.getuid?.() !== 0)
    throw new Error(`These peers are not installed: ${names} (names of Debian packages). Install them and try again.`);
  note(`installing ${names}, to be compared with (once) …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const step of [["update"], ["install", "-y", "--no-install-recommends", ...missing]])
    spawnSync("apt-get", ["-qq", ...step], { stdio: ["ignore", 2, 2], env: environment });
  const still = missingPackages();
  if (still.length > 0) throw new Error(`apt-get could not install ${still.join(", ")}.`);
}

function missingPackages(): string[] {
  const folders = isDebian() ? [DEBIANS] : (process.env["PATH"] ?? "").split(delimiter);
  const isThere = (program: string): boolean => folders.some((folder) => existsSync(join(folder, program)));
  const canImport = (name: string): boolean => spawnSync(PYTHON, ["-c", `import ${name}`]).status === 0;
  return [
    ...Object.entries(PROGRAMS).flatMap(([program, from]) => (isThere(program) ? [] : [from])),
    ...Object.entries(PYTHON_MODULES).flatMap(([name, from]) => (canImport(name) ? [] : [from])),
  ];
}

/** Runs a program to its end. @returns what it wrote @throws with its complaint if it failed */
export function outputOf(program: string, args: readonly string[], input: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, PATH: PEER_PATH } });
    const [out, complaint]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaint.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(`${program} ended with ${code}: ${Buffer.concat(complaint).toString().trim()}`));
    });
    // A program that ends early is reported by its code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
