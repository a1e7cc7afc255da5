import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Listening, listen } from "../../src/review-server/listen.ts";
import { visit } from "./house.ts";

let listening: Listening;

beforeAll(async () => {
  const { app } = await visit({}, () => listening.port);
  listening = await listen(app, 0);
});
afterAll(async () => listening.close());

/** Sends bytes as they are and gives back the status line. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(listening.port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("close", () => resolve(answer.split("\r\n")[0] ?? ""));
    socket.on("error", reject);
  });

const get = (path: string, ...headers: string[]): string =>
  `GET ${path} HTTP/1.1\r\n${headers.map((line) => `${line}\r\n`).join("")}Connection: close\r\n\r\n`;

describe("a malformed request is refused and the server lives on", () => {
  test.each([
    ["no host", () => get("/healthz")],
    ["two hosts", () => get("/healthz", `Host: 127.0.0.1:${listening.port}`, "Host: evil.com")],
    ["a foreign host", () => get("/healthz", "Host: evil.com")],
    ["a host that is none", () => get("/healthz", "Host: [::::")],
    ["a host of 8 kB", () => get("/healthz", `Host: ${"a".repeat(8_192)}`)],
    ["headers over 16 kB", () => get("/healthz", `Host: 127.0.0.1:${listening.port}`, `X: ${"a".repeat(20_000)}`)],
    ["a foreign address in the request line", () => get("http://evil.com/healthz", "Host: evil.com")],
    ["a path that does not decode", () => get("/%ff%fe", `Host: 127.0.0.1:${listening.port}`)],
    ["no HTTP at all", () => "\0\0\0\r\n\r\n"],
  ])("%s", async (_, request) => {
    expect(await raw(request())).toMatch(/^(HTTP\/1\.1 (400|401|404|421|431) |$)/);
    expect(await raw(get("/healthz", `Host: 127.0.0.1:${listening.port}`))).toBe("HTTP/1.1 200 OK");
  });
});

test("nothing but loopback is listened on", async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal);
  for (const { address, family } of outside.filter(({ family: kind }) => kind === "IPv4")) {
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect({ port: listening.port, host: address, timeout: 2_000 }, () => resolve(false));
      socket.on("error", () => resolve(true));
      socket.on("timeout", () => resolve(true));
    });
    expect(refused, `${address} (${family})`).toBe(true);
  }
  await expect(fetch(`http://127.0.0.1:${listening.port}/healthz`).then((answer) => answer.text())).resolves.toBe(
    "ok\n",
  );
});

test("a port that is taken is passed over", async () => {
  const { app } = await visit({}, () => second.port);
  const second: Listening = await listen(app, listening.port);
  expect(second.port).toBeGreaterThan(listening.port);
  await second.close();
});
