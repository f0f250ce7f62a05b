import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { InterveneError, messageOf } from "@/server/errors";
import { chat, streamChat } from "./chat";
import { complete, streamCompletion } from "./completions";
import { type Engine, QueueFull } from "./engine";
import { renderMetrics } from "./metrics";
import { chatBody, completionBody, detokenizeBody, HttpError, parseBody, tokenizeBody } from "./protocol";
import type { Shelf } from "./shelf";
import { decode, encode, renderChat } from "./tokens";

const MAX_BODY_BYTES = 32 * 2 ** 20;
const VERSION = "0.33.0+intervene";

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const buffer = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
    bytes += buffer.length;
    if (bytes > MAX_BODY_BYTES) throw new HttpError(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
    parts.push(buffer);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${messageOf(error)}`);
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  if (response.destroyed || response.headersSent) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length, ...headers });
  response.end(bytes);
}

function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof QueueFull) return new HttpError(503, error.message);
  if (error instanceof InterveneError && error.kind === "bad_input") return new HttpError(400, error.message);
  return new HttpError(500, `The engine failed: ${messageOf(error)}`);
}

/** Aborts when the client goes away before the answer is complete. */
function disconnectSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Server-sent events: headers go out with the first chunk, so that earlier errors keep their status. */
async function streamed(response: ServerResponse, produce: (send: (chunk: unknown) => void) => Promise<void>) {
  const send = (chunk: unknown) => {
    if (!response.headersSent)
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  try {
    await produce(send);
  } catch (error) {
    if (!response.headersSent) throw error;
    if (!response.destroyed) send(asHttpError(error).body());
  }
  if (!response.destroyed) response.end("data: [DONE]\n\n");
}

/**
 * The HTTP side of the engine: vLLM's routes over the served models; the first one is the default. Until `ready`,
 * everything is answered 503: the port is taken before models are loaded, so that a taken port is known at once.
 */
export function createEngineServer(served: { shelf: Shelf; ready: boolean }): Server {
  const { shelf } = served;
  const engineOf = async (name: string | undefined): Promise<Engine> => {
    const engine = await shelf.find(name);
    if (engine === undefined) throw new HttpError(404, `The model \`${name}\` does not exist.`, "model");
    return engine;
  };

  type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
  const routes: Record<string, Handler> = {
    "GET /health": (_, response) => void response.writeHead(200).end(),
    "GET /ping": (_, response) => void response.writeHead(200).end(),
    "GET /version": (_, response) => sendJson(response, 200, { version: VERSION }),
    "GET /load": async (_, response) => {
      const load = (await shelf.engines()).reduce((n, e) => n + e.running + e.waiting, 0);
      sendJson(response, 200, { server_load: load });
    },
    "GET /metrics": async (_, response) => {
      const text = renderMetrics(
        (await shelf.engines()).map((engine) => ({ name: engine.name, metrics: engine.metrics, gauges: engine.gauges() })),
      );
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
    },
    "GET /v1/models": async (_, response) =>
      sendJson(response, 200, {
        object: "list",
        data: (await shelf.list()).map((model) => ({
          id: model.name,
          object: "model",
          created: model.created,
          owned_by: "intervene",
          root: model.root,
          parent: null,
          max_model_len: model.maxLength,
        })),
      }),
    "POST /v1/completions": async (request, response) => {
      const body = parseBody(completionBody, await readJson(request));
      const engine = await engineOf(body.model);
      const signal = disconnectSignal(response);
      if (body.stream === true) return streamed(response, (send) => streamCompletion(engine, body, signal, send));
      sendJson(response, 200, await complete(engine, body, signal));
    },
    "POST /v1/chat/completions": async (request, response) => {
      const body = parseBody(chatBody, await readJson(request));
      const engine = await engineOf(body.model);
      const signal = disconnectSignal(response);
      if (body.stream === true) return streamed(response, (send) => streamChat(engine, body, signal, send));
      sendJson(response, 200, await chat(engine, body, signal));
    },
    "POST /tokenize": async (request, response) => {
      const body = parseBody(tokenizeBody, await readJson(request));
      const engine = await engineOf(body.model);
      const text =
        "prompt" in body
          ? body.prompt
          : renderChat(engine.model, body.messages, body.add_generation_prompt, body.chat_template_kwargs);
      const tokens = encode(engine.model, text, body.add_special_tokens);
      const strings = body.return_token_strs === true ? tokens.map((id) => decode(engine.model, [id], true)) : null;
      sendJson(response, 200, { count: tokens.length, max_model_len: engine.contextSize, tokens, token_strs: strings });
    },
    "POST /detokenize": async (request, response) => {
      const body = parseBody(detokenizeBody, await readJson(request));
      const engine = await engineOf(body.model);
      const wrong = body.tokens.find((id) => id >= engine.model.vocabularySize);
      if (wrong !== undefined) throw new HttpError(400, `Token id ${wrong} is out of vocabulary.`, "tokens");
      sendJson(response, 200, { prompt: decode(engine.model, body.tokens, true) });
    },
  };

  return createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const handler = routes[`${request.method} ${path}`];
    const handle = async () => {
      if (!served.ready) throw new HttpError(503, "The models are still being loaded.");
      if (handler === undefined) {
        const known = Object.keys(routes).some((route) => route.endsWith(` ${path}`));
        throw known ? new HttpError(405, "Method Not Allowed") : new HttpError(404, "Not Found");
      }
      await handler(request, response);
    };
    handle().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") return;
      const answer = asHttpError(error);
      if (answer.status === 500) console.error(error);
      sendJson(response, answer.status, answer.body(), answer.status === 503 ? { "retry-after": "1" } : {});
    });
  });
}
