import { meta } from "./dom.ts";
import { compareBuild } from "./updated.ts";

/** The server said no, with a reason. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;

  constructor(status: number, code: string, message: string, remedy: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.remedy = remedy;
  }
}

/** Nobody answered, or not in a way that can be trusted: worth another try. */
export class Unreachable extends Error {}

export const get = <T>(path: string): Promise<T> => ask(path, {});

export const post = <T>(path: string, body: unknown): Promise<T> => ask(path, posting(body));

/** For a page that is going away: nobody waits for the answer. */
export const postAndLeave = (path: string, body: unknown): void => {
  void fetch(path, { ...posting(body), keepalive: true }).catch(() => undefined);
};

const posting = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", "x-photogate-csrf": meta("csrf") },
  body: JSON.stringify(body),
});

export async function ask<T>(path: string, request: RequestInit): Promise<T> {
  const response = await fetch(path, request).catch((cause: unknown) => {
    throw new Unreachable("photogate is not answering", { cause });
  });
  compareBuild(response.headers.get("x-photogate-build"));
  if (response.ok) return response.json();
  if (response.status >= 500) throw new Unreachable(`photogate answered with ${response.status}`);
  const text = await response.text();
  const { code, message, remedy } = readFault(text);
  throw new Refused(response.status, code, message, remedy);
}

function readFault(text: string): { code: string; message: string; remedy: string } {
  try {
    const { code = "", message = text, remedy = "" } = JSON.parse(text);
    return { code, message, remedy };
  } catch {
    return { code: "", message: text.trim(), remedy: "" };
  }
}
