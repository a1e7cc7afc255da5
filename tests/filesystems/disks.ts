/** File systems of their own, mounted for a test and always undone: memory, a share that hangs, Windows' names, a card's. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Another folder shown under a second path by a program of its own, as a network share is. */
export interface Share {
  readonly at: string;
  /** from now on nobody is answered, until `wake` */
  hang(): void;
  wake(): void;
  /** the program is gone: the path is there and says ENOTCONN */
  die(): void;
}

export interface Disks {
  /** a disk in memory; `remount` gives it another size or takes the right to write away */
  memory(at: string, options: string): void;
  remount(at: string, options: string): void;
  /** a folder under a second path, as the same disk: what it has stays when it is unmounted and mounted again */
  bind(from: string, at: string): void;
  share(from: string, at: string): Promise<Share>;
  /** NTFS with the rules of Windows: no CON, no colon, no difference between a and A; mounted again, it has what it had */
  windows(at: string): void;
  /** FAT: no links, no modes, whole seconds, names in ASCII */
  card(at: string): void;
  /** takes a disk away, also while files of it are open */
  unmount(at: string): void;
  /** the shares' programs end: who waits for one goes on */
  abandon(): void;
  undo(): void;
}

const IMAGE_BYTES = 96e6;
const PATIENCE_MS = 10_000;

export function makeDisks(): Disks {
  const images = mkdtempSync(join(tmpdir(), "photogate-disks-"));
  const mounted: string[] = [];
  const programs: ChildProcess[] = [];
  const mounting = (at: string, mount: () => void): void => {
    mkdirSync(at, { recursive: true });
    const before = statSync(at).dev;
    mount();
    if (statSync(at).dev === before) throw new Error(`nothing was mounted at ${at}`);
    mounted.push(at);
  };
  const image = (at: string, make: (file: string) => void): string => {
    const file = join(images, Buffer.from(at).toString("base64url").slice(-80));
    if (existsSync(file)) return file;
    writeFileSync(file, "");
    truncateSync(file, IMAGE_BYTES);
    make(file);
    return file;
  };
  const abandon = (): void => {
    for (const program of programs.splice(0)) program.kill("SIGKILL");
  };

  return {
    memory: (at, options) => mounting(at, () => run("mount", "-t", "tmpfs", "-o", options, "tmpfs", at)),
    remount: (at, options) => run("mount", "-o", `remount,${options}`, at),
    bind: (from, at) => mounting(at, () => run("mount", "--bind", from, at)),
    async share(from, at) {
      assertFuse();
      mkdirSync(at, { recursive: true });
      const program = spawn("bindfs", ["-f", from, at], { stdio: "ignore" });
      const failure = new Promise<never>((_, reject) => program.once("error", reject));
      programs.push(program);
      await Promise.race([appears(at), failure]);
      mounted.push(at);
      return {
        at,
        hang: () => program.kill("SIGSTOP"),
        wake: () => program.kill("SIGCONT"),
        die: () => program.kill("SIGKILL"),
      };
    },
    windows(at) {
      assertFuse();
      const file = image(at, (path) => run("mkntfs", "-F", "-f", "-q", path));
      mounting(at, () => run("lowntfs-3g", "-o", "windows_names,ignore_case", file, at));
    },
    card(at) {
      assertFuse();
      const file = image(at, (path) => run("mkfs.fat", "-F", "32", path));
      mounting(at, () => run("fusefat", "-o", "rw+", file, at));
    },
    unmount(at) {
      run("umount", "-l", at);
      mounted.splice(mounted.indexOf(at), 1);
    },
    abandon,
    undo() {
      // A stopped program answers nobody, not even who unmounts.
      abandon();
      for (const at of mounted.splice(0).reverse()) run("umount", "-l", at);
      rmSync(images, { recursive: true, force: true });
    },
  };
}

/** @throws Error naming the program and what it said */
function run(program: string, ...args: string[]): void {
  try {
    execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
    throw new Error(`${program} ${args.join(" ")} failed: ${said || String(cause)}`, { cause });
  }
}

function assertFuse(): void {
  if (!existsSync("/dev/fuse"))
    throw new Error("/dev/fuse is missing: these tests mount bindfs, lowntfs-3g and fusefat");
}

async function appears(at: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  const asListed = at.replaceAll(" ", "\\040");
  while (!readFileSync("/proc/self/mountinfo", "utf8").includes(` ${asListed} `)) {
    if (performance.now() > end) throw new Error(`bindfs did not mount ${at}`);
    await pause(20);
  }
}
