/**
 * A program that copies small photos into an inbox as fast as it can, folder after folder; says when the last byte was written.
 *
 *     node bench/copying.ts MODEL INBOX FOLDERS FILES
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stamped } from "./stamped.ts";

const [model = "", inbox = "", folders = "1", files = "1"] = process.argv.slice(2);
const jpeg = readFileSync(model);

const count = Number(files);
for (let n = 0; n < count; n += 1) {
  const inFolder = Math.ceil(count / Number(folders));
  const folder = join(inbox, `Roll ${String(Math.floor(n / inFolder) + 1).padStart(2, "0")}`);
  if (n % inFolder === 0) mkdirSync(folder);
  writeFileSync(join(folder, `DSC_${String((n % inFolder) + 1).padStart(4, "0")}.JPG`), stamped(jpeg, `picture ${n}`));
}
process.stdout.write(String(Date.now()));
