import { messageOf } from "../domain/fault.ts";
import { type Database, openPlain } from "./database.ts";

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
  const database = openPlain(path, 0);
  try {
    database.exec("begin exclusive");
  } catch (failure) {
    database.close();
    if (messageOf(failure).includes("locked")) return undefined;
    throw failure;
  }
  return leaseOn(database);
}

const leaseOn = (database: Database): Lease => ({
  release: () => {
    database.exec("rollback");
    database.close();
  },
});
