import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { codeOf, Fault } from "../domain/fault.ts";
import { SECOND } from "../domain/words.ts";
import type { App } from "./app.ts";

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Loopback, and nothing else: without a host name the server would listen on every interface. */
const HOST = "127.0.0.1";
const PORTS_TRIED = 20;

/**
 * Listens on the wanted port or one of those after it.
 *
 * @param wanted 0 for any
 * @throws Fault port.none
 */
export async function listen(app: App, wanted: number): Promise<Listening> {
  for (let port = wanted; port < wanted + PORTS_TRIED; port += 1) {
    const listening = await tryPort(app, port);
    if (listening !== undefined) return listening;
  }
  throw new Fault("port.none", `ports ${wanted} to ${wanted + PORTS_TRIED - 1} are all taken`);
}

function tryPort(app: App, port: number): Promise<Listening | undefined> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: (request, env) => app.fetch(request, { incoming: env.incoming }),
      hostname: HOST,
      port,
      serverOptions: {
        maxHeaderSize: 16_384,
        requestTimeout: 15 * SECOND,
        headersTimeout: 15 * SECOND,
        // After a busy moment longer than this a question that lies there already would find its line cut.
        keepAliveTimeout: 75 * SECOND,
      },
    }) as Server;
    server.maxConnections = 64;
    server.once("error", (failure) => {
      if (codeOf(failure) === "EADDRINUSE" && port !== 0) resolve(undefined);
      else reject(failure);
    });
    server.once("listening", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: () => close(server),
      });
    });
  });
}

/** What is being answered gets its answer, the one to "stop" among others. */
const LAST_ANSWERS_MS = 250;

// Streams of live events never end by themselves.
const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const end = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    server.close(() => {
      clearTimeout(end);
      resolve();
    });
    server.closeIdleConnections();
  });
