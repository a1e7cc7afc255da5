import { createInterface } from "node:readline/promises";

/** Asks the person at the terminal; where nobody sits, the answer is no. */
export async function isAgreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}
