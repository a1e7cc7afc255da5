import { codeOf } from "../domain/fault.ts";
import { type Database, openBare } from "./database.ts";

/** The right of one daemon to one home, for as long as it lives. */
export interface Lease {
  release(): void;
}

/**
 * An exclusive transaction held for life in a file of its own: the operating system frees it the moment the holder dies,
 * however it dies. Local disks only.
 *
 * @returns undefined if another process has it
 */
export function takeLease(path: string): Lease | undefined {
  const database = openBare(path);
  try {
    database.exec("begin exclusive");
    return leaseOn(database);
  } catch (failure) {
    database.close();
    if (codeOf(failure)?.startsWith("SQLITE_BUSY") === true) return undefined;
    throw failure;
  }
}

const leaseOn = (database: Database): Lease => ({
  release: () => {
    database.exec("rollback");
    database.close();
  },
});
