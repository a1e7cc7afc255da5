/** The first step of a daemon: its folders, and the right to work on them. */
import { userInfo } from "node:os";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { Fault, messageOf } from "./domain/fault.ts";
import { makeFolder } from "./files.ts";
import { type Lease, takeLease } from "./store/lease.ts";

/**
 * Makes the folders a daemon cannot be without, and takes the lease.
 *
 * @throws Fault disk.failed with the folder and who may not write it, lease.taken
 */
export async function enter(config: Config): Promise<Lease> {
  const lease = await writingTo(config.data, async () => {
    await makeFolder(config.data, 0o700);
    return takeLease(join(config.data, "lease.db"));
  });
  if (lease === undefined) throw new Fault("lease.taken", `another daemon works on ${config.home}`);
  for (const folder of [config.logs, join(config.data, "work")]) await writingTo(folder, () => makeFolder(folder));
  // A site that is away keeps nobody from dropping and reviewing; publishing says so and waits for it.
  await makeFolder(config.site).catch(() => undefined);
  return lease;
}

async function writingTo<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Fault("disk.failed", `${folder} cannot be written by ${userName()}: ${messageOf(cause)}`, { cause });
  }
}

/** A service may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
