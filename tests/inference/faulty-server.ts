import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What a request met: the parsed body of a POST, and its headers. */
export interface Seen {
  path: string;
  body: Record<string, unknown>;
  headers: IncomingMessage["headers"];
}
/** How one request is answered; null leaves it hanging. */
export type Fault = (seen: Seen, response: ServerResponse) => void;

/** A completion as vLLM answers it, one word a sample, so that a test can tell the samples apart by their seeds. */
export function goodCompletion({ body }: Seen): unknown {
  const n = Number(body.n ?? 1);
  const seed = Number(body.seed ?? 0);
  return {
    id: "cmpl-1",
    object: "text_completion",
    model: body.model,
    choices: Array.from({ length: n }, (_, index) => ({
      index,
      text: ` seed ${seed + index}`,
      finish_reason: "stop",
      stop_reason: null,
      logprobs: null,
      token_ids: [5, seed + index],
    })),
    usage: { prompt_tokens: 3, completion_tokens: 2 * n, total_tokens: 3 + 2 * n },
  };
}

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
export const text = (response: ServerResponse, status: number, body: string) => void response.writeHead(status, { "content-type": "text/html" }).end(body);
export const ok: Fault = (seen, response) => json(response, 200, goodCompletion(seen));
export const hang: Fault = () => {};

/**
 * A server with vLLM's wire format that misbehaves on purpose: requests to /v1/completions (and whatever `paths` names)
 * meet the faults in turn, and `last` from then on. It has no model; it is for faults alone.
 */
export async function startFaultyServer(faults: readonly Fault[], o: { last?: Fault; routes?: Record<string, Fault> } = {}) {
  const seen: Seen[] = [];
  const waiting = [...faults];
  const sockets = new Set<Socket>();
  let inFlight = 0;
  let mostInFlight = 0;
  const server = createServer(async (request, response) => {
    let raw = "";
    for await (const chunk of request.setEncoding("utf8")) raw += String(chunk);
    const path = request.url ?? "";
    const met: Seen = { path, body: raw === "" ? {} : (JSON.parse(raw) as Record<string, unknown>), headers: request.headers };
    const route = o.routes?.[path];
    if (path !== "/v1/completions") {
      if (route) route(met, response);
      else json(response, 404, { detail: "Not Found" });
      return;
    }
    seen.push(met);
    inFlight += Number(met.body.n ?? 1);
    mostInFlight = Math.max(mostInFlight, inFlight);
    response.on("close", () => {
      inFlight -= Number(met.body.n ?? 1);
    });
    (waiting.shift() ?? o.last ?? ok)(met, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    get inFlight() {
      return inFlight;
    },
    get mostInFlight() {
      return mostInFlight;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type FaultyServer = Awaited<ReturnType<typeof startFaultyServer>>;
