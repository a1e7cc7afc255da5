/** Passwords, kept apart from the settings: nobody who is shown those, or is sent them, gets these. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, Fault } from "./domain/fault.ts";
import { durableWrite, makeFolder } from "./files.ts";

/** What a password may be kept for. */
export const SECRETS = ["ftp", "sftp", "mysql"] as const;
export type SecretName = (typeof SECRETS)[number];
export const isSecretName = (name: string): name is SecretName => SECRETS.some((one) => one === name);

export interface Secrets {
  /** @throws Fault secret.unreadable */
  get(name: SecretName): string | undefined;
  set(name: SecretName, value: string): Promise<void>;
  forget(name: SecretName): Promise<void>;
  names(): SecretName[];
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Sealed with a key that lies in a file of its own, both readable by this user only: a copy of one of them is worth nothing.
 *
 * @param folder the data folder
 */
export function secretsIn(folder: string): Secrets {
  const keyFile = join(folder, "secrets.key");
  const file = join(folder, "secrets.json");
  const sealed = (): Partial<Record<SecretName, string>> => JSON.parse(textIn(file) ?? "{}");

  const key = async (): Promise<Buffer> => {
    const there = textIn(keyFile);
    if (there !== undefined) return Buffer.from(there, "base64");
    const made = randomBytes(KEY_BYTES);
    await makeFolder(folder, 0o700);
    await durableWrite(keyFile, made.toString("base64"));
    return made;
  };

  return {
    get(name) {
      const text = sealed()[name];
      if (text === undefined) return undefined;
      try {
        return opened(text, Buffer.from(textIn(keyFile) ?? "", "base64"));
      } catch (cause) {
        throw new Fault("secret.unreadable", `the password for ${name} in ${file} cannot be opened`, { cause });
      }
    },
    async set(name, value) {
      const text = seal(value, await key());
      await durableWrite(file, `${JSON.stringify({ ...sealed(), [name]: text }, null, 2)}\n`);
    },
    async forget(name) {
      const { [name]: _, ...others } = sealed();
      await durableWrite(file, `${JSON.stringify(others, null, 2)}\n`);
    },
    names: () => Object.keys(sealed()).filter(isSecretName),
  };
}

function seal(value: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const body = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64");
}

function opened(text: string, key: Buffer): string {
  const bytes = Buffer.from(text, "base64");
  const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES));
  cipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([cipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), cipher.final()]).toString("utf8");
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw cause;
  }
}
