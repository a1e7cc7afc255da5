/** Writes docs/faults.md from the table of faults; with --check only says whether it is up to date. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Blame, FAULTS } from "../src/domain/fault.ts";

const FILE = fileURLToPath(new URL("../docs/faults.md", import.meta.url));

const HEADINGS: Readonly<Record<Blame, string>> = {
  photo: "The photo: it is left out, with the reason; the others go on",
  tool: "A tool: the set is held and tried again",
  set: "The set: it is held and waits for a person",
  person: "Said to a person: nothing is held",
};

export function faultsPage(): string {
  const rows = Object.entries(FAULTS);
  const sections = Object.entries(HEADINGS).map(([blame, heading]) => {
    const table = rows
      .filter(([, fault]) => fault.blame === blame)
      .map(([code, { means, remedy }]) => `| \`${code}\` | ${means} | ${remedy} |`);
    return `## ${heading}\n\n| code | what it means | what to do |\n|---|---|---|\n${table.join("\n")}\n`;
  });
  return `# Faults\n\nEvery foreseen failure, with the code that page, CLI and log print. Written by \`npm run docs\` from \`src/domain/fault.ts\`.\n\n${sections.join("\n")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isCurrent = readFileSync(FILE, { encoding: "utf8", flag: "a+" }) === faultsPage();
  if (process.argv.includes("--check")) process.exitCode = isCurrent ? 0 : 1;
  else if (!isCurrent) writeFileSync(FILE, faultsPage());
}
