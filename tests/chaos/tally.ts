/** What must hold whatever was killed when, one sentence each; the numbers are those the reliability notes use. */
export const INVARIANTS = {
  I01: "originals keep their bytes and their time",
  I02: "one photo per dropped file",
  I03: "names are unique when folded, and belong to one photo each",
  I04: "the journal has no gap, its chain holds, and every photo went through the stages in order",
  I05: "every file that facts name is there, byte for byte; nothing else lies in the working folder when idle",
  I06: "nothing is released without an approval of exactly that content, with no edit after it",
  I07: "the site shows whole files of this run and no others, at any moment",
  I08: "the catalogue has one row a name, only after both files, with the approved values",
  I09: "the end is that of the undisturbed run: same rows, files and names, within the time",
  I10: "an idle daemon writes nothing, and publishing again changes nothing",
  I11: "everything that was acknowledged is in the store",
  I12: "a rollback leaves the inbox as it was, and neither working files nor names",
  I13: "one daemon a home: a second start exits 3, at once",
  I14: "the database is whole, ours, in WAL mode, and flushes every commit",
  W04: "a set stage has facts for all live photos of a set, or for none",
  W10: "decoder children end with their daemon",
} as const;

export type InvariantId = keyof typeof INVARIANTS;

export interface Violation {
  readonly id: InvariantId;
  readonly what: string;
  /** the kill before it */
  readonly after: string;
}

/** Counts what was checked, and keeps what did not hold. */
export interface Tally {
  /** says which kill the checks from now on come after */
  after(kill: string): void;
  /** @param what says more about a violation; called only then */
  check(id: InvariantId, holds: boolean, what: () => string): void;
  checked(id: string): number;
  readonly violations: readonly Violation[];
}

export function newTally(): Tally {
  const checked = new Map<string, number>();
  const violations: Violation[] = [];
  let after = "the start";
  return {
    after(kill) {
      after = kill;
    },
    check(id, holds, what) {
      checked.set(id, (checked.get(id) ?? 0) + 1);
      if (!holds) violations.push({ id, what: what(), after });
    },
    checked: (id) => checked.get(id) ?? 0,
    violations,
  };
}

/** One line an invariant: how often it was checked, how often it did not hold. */
export function tableOf(tally: Tally): string[] {
  return Object.entries(INVARIANTS).map(([id, sentence]) => {
    const broken = tally.violations.filter((violation) => violation.id === id).length;
    return `${id}  ${String(tally.checked(id)).padStart(7)} checked  ${String(broken).padStart(4)} violated  ${sentence}`;
  });
}
