// `npm test`: sets up what the tests need, then runs everything: lint, types, floors, unused code, tests.
// Words after `npm test --` go to the test runner and skip the checks: npm test -- tests/domain
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cleanEnvironment, ensureBuilt, ensureInstalled, node, ROOT, say, step } from "./setup.mjs";

/** Programs the tests run, or a file by its path, and the Debian package each comes from. */
const PROGRAMS = {
  chromium: "chromium",
  bindfs: "bindfs",
  "lowntfs-3g": "ntfs-3g",
  mkntfs: "ntfs-3g",
  fusefat: "fusefat",
  "mkfs.fat": "dosfstools",
  strace: "strace",
  prlimit: "util-linux",
  "heif-enc": "libheif-examples",
  perl: "perl",
  openssl: "openssl",
  setpriv: "util-linux",
  proftpd: "proftpd-core",
  "/usr/lib/proftpd/mod_tls.so": "proftpd-mod-crypto",
  mariadbd: "mariadb-server",
};

ensureInstalled();
ensurePrograms();
ensureBuilt();

const own = process.argv.slice(2);
if (own.length === 0) step("npm", ["run", "-s", "check"]);
const result = spawnSync(node(), [join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run", ...own], {
  cwd: ROOT,
  env: cleanEnvironment(),
  stdio: "inherit",
});
process.exitCode = result.status ?? 1;

function ensurePrograms() {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !isThere(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  const isDebian = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  if (!isDebian) {
    say(
      `The tests need ${missing.map(([program]) => program).join(", ")} (${packages.join(", ")}). Install it, or run npm test as root on Debian, which installs it by itself.`,
    );
    process.exit(1);
  }
  say(`Installing ${packages.join(", ")} for the tests (once) …`);
  const environment = { ...cleanEnvironment(), DEBIAN_FRONTEND: "noninteractive" };
  step("apt-get", ["update", "-qq"], { env: environment });
  step("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env: environment });
}

function isThere(program) {
  if (program.startsWith("/")) return existsSync(program);
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
