import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { type Api, type ApiOptions, createApi } from "@/server/api/v1/api";
import type { Deps } from "@/server/usecases/deps";

export interface ApiServer {
  /** http://127.0.0.1:PORT/api/v1 */
  url: string;
  close(): Promise<void>;
}

/** The API over real sockets: node's own server in front of the function that Next calls too. */
export async function serveApi(deps: Deps, home: string, options: Partial<ApiOptions> = {}): Promise<ApiServer> {
  const api = createApi({
    deps,
    home,
    inference: null,
    hub: { endpoint: "http://127.0.0.1:9", token: undefined },
    maxBody: 4 * 1024 * 1024,
    rate: { rate: 0, burst: 1 },
    ...options,
  });
  const server = createServer((request, response) => void pass(api, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/v1`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function pass(api: Api, from: IncomingMessage, to: ServerResponse): Promise<void> {
  const stop = new AbortController();
  to.once("close", () => stop.abort());
  const hasBody = from.method !== "GET" && from.method !== "HEAD" && from.method !== "OPTIONS";
  const answer = await api(
    new Request(`http://127.0.0.1${from.url}`, {
      method: from.method ?? "GET",
      headers: from.headers as Record<string, string>,
      signal: stop.signal,
      ...(hasBody ? { body: Readable.toWeb(from) as ReadableStream, duplex: "half" } : {}),
    } as RequestInit),
  );
  to.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) return void to.end();
  try {
    for await (const chunk of Readable.fromWeb(answer.body as NodeReadableStream)) {
      if (!to.write(chunk)) await new Promise((resolve) => to.once("drain", resolve));
    }
    to.end();
  } catch {
    to.destroy(); // as a server does when the answer breaks in the middle
  }
}
