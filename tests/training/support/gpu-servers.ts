import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeMerged } from "./adapter";

type Body = Record<string, unknown>;

/** What the thinking model writes before its answer; its template has opened the thought already. */
export const THOUGHT = "Let me see what is asked.\n\nI can add these up.\n</think>";

/** Where the stand-in's first weights lie; the engine behind it serves them as "lab". */
export const LAB_FOLDER = path.resolve("workers/lab/model");

/**
 * A stand-in for SGLang (0.5.22: /generate, /get_model_info, /v1/models, /tokenize, /detokenize, /update_weights_from_disk), in front
 * of the embedded engine: real samples of a real model behind SGLang's wire format. As SGLang it holds one model, renames it to its
 * path by an update (so 0.5.20), finishes what it samples before it swaps, and answers in plain text when it is full. The
 * engine has to serve the folder of what is loaded under that folder's last part (its --models).
 */
export async function sglangStandIn(engineUrl: string) {
  const held = { path: LAB_FOLDER, served: "lab", version: "default" };
  const updates: Body[] = [];
  const switches = {
    /** Updates that are answered "full" before one is taken. */
    full: 0,
    /** An update finds a model of another shape. */
    refuses: false,
    /** Samples take so long (ms). */
    slow: 0,
    /** Somebody else's weights get in between a question and its samples. */
    slipsIn: false,
  };
  let sampling = 0;
  let updating = false;

  const engine = async (route: string, body: Body): Promise<Body> => {
    const model = held.path === LAB_FOLDER ? "lab" : path.basename(held.path);
    const answer = await fetch(engineUrl + route, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ...body, model }) });
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Body;
  };

  /** One sequence, as /generate answers it. */
  const generate = async (ids: number[], p: Body, body: Body): Promise<Body> => {
    const { max_new_tokens, top_k, sampling_seed, skip_special_tokens: _, ...same } = p;
    const scores = body.return_logprob === true;
    const asked = scores
      ? { prompt: ids, max_tokens: 1, temperature: 1, prompt_logprobs: 0 }
      : { ...same, prompt: ids, max_tokens: max_new_tokens, top_k: top_k === -1 ? 0 : top_k, seed: sampling_seed, n: 1, return_token_ids: true };
    const { choices } = (await engine("/v1/completions", asked)) as { choices: Body[] };
    const [choice] = choices;
    const positions = (choice?.prompt_logprobs ?? []) as (Record<string, { logprob: number }> | null)[];
    const start = Number(body.logprob_start_len ?? -1);
    return {
      text: scores ? "" : choice?.text,
      output_ids: scores ? [] : choice?.token_ids,
      meta_info: {
        id: "r",
        finish_reason: { type: scores ? "length" : choice?.finish_reason },
        prompt_tokens: ids.length,
        completion_tokens: scores ? 0 : ((choice?.token_ids ?? []) as number[]).length,
        weight_version: held.version,
        ...(scores
          ? { input_token_logprobs: ids.slice(start).map((id, i) => [i === 0 ? null : positions[start + i]?.[String(id)]?.logprob, id, null]) }
          : {}),
      },
    };
  };

  const routes: Record<string, (body: Body, response: ServerResponse) => unknown> = {
    "/health": (_, response) => void response.writeHead(200).end(),
    "/get_model_info": () => ({ model_path: held.path, tokenizer_path: LAB_FOLDER, is_generation: true, preferred_sampling_params: null, weight_version: held.version }),
    "/v1/models": () => ({
      object: "list",
      data: [{ id: held.served, object: "model", created: 0, owned_by: "sglang", root: held.served, parent: null, max_model_len: 2048 }],
    }),
    "/tokenize": async (body) => {
      const { tokens } = (await engine("/tokenize", body)) as { tokens: number[] };
      return { tokens, count: tokens.length, max_model_len: 2048 };
    },
    "/detokenize": async (body) => ({ text: (await engine("/detokenize", body)).prompt }),
    "/generate": async (body) => {
      // Requests wait while weights are swapped, and then meet the new ones.
      while (updating) await sleep(5);
      sampling++;
      try {
        await sleep(switches.slow);
        if (switches.slipsIn) held.version = "somebody else's";
        const ids = body.input_ids as number[] | number[][];
        const params = body.sampling_params as Body | Body[];
        const one = (at: number[], i: number) => generate(at, Array.isArray(params) ? (params[i] ?? {}) : params, body);
        return await (Array.isArray(ids[0]) ? Promise.all((ids as number[][]).map(one)) : one(ids as number[], 0));
      } finally {
        sampling--;
      }
    },
    "/update_weights_from_disk": async (body, response) => {
      updates.push(body);
      if (switches.full > 0) {
        switches.full--;
        return void response.writeHead(503, { "content-type": "text/plain" }).end("The request queue is full.");
      }
      while (sampling > 0) await sleep(5);
      const folder = String(body.model_path);
      const failed = (message: string) =>
        void response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ success: false, message, num_paused_requests: 0 }));
      if (!existsSync(path.join(folder, "model.safetensors"))) return failed(`Failed to get weights iterator: Cannot find any model weights with \`${folder}\`.`);
      updating = true;
      await sleep(20);
      updating = false;
      if (switches.refuses) return failed("Failed to update weights: The size of tensor a (64) must match the size of tensor b (128).\nRolling back to original weights.");
      Object.assign(held, { path: folder, served: folder, version: body.weight_version ?? held.version });
      return { success: true, message: `Succeeded to update model weights. Weight version updated to ${held.version}.`, num_paused_requests: 0 };
    },
  };
  const server = createServer((request, response) => void answer(routes, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: urlOf(server), held, updates, switches, sampling: () => sampling, close: () => closed(server) };
}

/**
 * A stand-in for vLLM's adapters at run time (POST /v1/load_lora_adapter, adapters among /v1/models), in front of the embedded
 * engine, which serves a whole model under the adapter's name (its --models). Everything else goes to the engine as it comes.
 *
 * @param o.thinker name of one more model: the lab's, whose answers (cut short) stand after a thought.
 * @param o.models the engine's --models: adapters are then really applied, added to their base model's weights in a folder there.
 */
export async function vllmStandIn(engineUrl: string, { thinker, models }: { thinker?: string; models?: string } = {}) {
  const merged = new Map<string, string>();
  const adapters = new Map<string, string>();
  const loads: Body[] = [];
  const switches = {
    /** VLLM_ALLOW_RUNTIME_LORA_UPDATING=1. */
    allowed: true,
    full: 0,
    refuses: false,
  };
  const forward = async (route: string, body: Body | null, response: ServerResponse) => {
    const answer = await fetch(engineUrl + route, body === null ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(Buffer.from(await answer.arrayBuffer()));
  };
  const error = (response: ServerResponse, code: number, type: string, message: string) =>
    void response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify({ error: { message, type, param: null, code } }));
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const route = request.url ?? "";
      if (route === "/v1/models") {
        const base = { object: "model", created: 0, owned_by: "vllm", permission: [] };
        const cards: object[] = [...adapters].map(([id, root]) => ({ ...base, id, root, parent: "lab", max_model_len: null }));
        if (thinker !== undefined) cards.push({ ...base, id: thinker, root: LAB_FOLDER, parent: null, max_model_len: 2048 });
        return response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ object: "list", data: [{ ...base, id: "lab", root: LAB_FOLDER, parent: null, max_model_len: 2048 }, ...cards] }));
      }
      if (thinker !== undefined && body.model === thinker) {
        if (route !== "/v1/completions") return forward(route, { ...body, model: "lab" }, response);
        const answer = await fetch(engineUrl + route, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ...body, model: "lab", max_tokens: 40 }) });
        const made = (await answer.json()) as { choices: { text: string }[] };
        for (const choice of made.choices) Object.assign(choice, { text: `${THOUGHT}\n\n${choice.text}`, finish_reason: "stop" });
        return response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(made));
      }
      if (route !== "/v1/load_lora_adapter") {
        // An adapter that was loaded is served as the sum that it stands for.
        const model = typeof body.model === "string" && merged.has(body.model) ? { model: merged.get(body.model) } : {};
        return forward(route, request.method === "GET" ? null : { ...body, ...model }, response);
      }
      // FastAPI: a route that is there by another method, and one that is not.
      const [status, detail] = switches.allowed ? [405, "Method Not Allowed"] : [404, "Not Found"];
      if (!switches.allowed || request.method !== "POST") return response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ detail }));
      loads.push(body);
      const [name, folder] = [String(body.lora_name), String(body.lora_path)];
      if (switches.full > 0) {
        switches.full--;
        return response.writeHead(503, { "content-type": "text/plain" }).end("Service Unavailable");
      }
      if (adapters.has(name))
        return error(response, 400, "InvalidUserInput", `The lora adapter '${name}' has already been loaded. If you want to load the adapter in place, set 'load_inplace' to True.`);
      if (switches.refuses) return error(response, 400, "BadRequestError", "LoRA rank 64 is greater than max_lora_rank 16.");
      if (!existsSync(path.join(folder, "adapter_config.json"))) return error(response, 404, "NotFoundError", `Loading lora ${name} failed: No adapter found for ${folder}`);
      if (models !== undefined) {
        merged.set(name, `merged-${name}`);
        await writeMerged(folder, path.join(models, `merged-${name}`));
      }
      adapters.set(name, folder);
      return response.writeHead(200, { "content-type": "text/plain" }).end(`Success: LoRA adapter '${name}' added successfully.`);
    })().catch((failure: unknown) => response.writeHead(500).end(String(failure)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: urlOf(server), adapters, loads, switches, close: () => closed(server) };
}

async function answer(routes: Record<string, (body: Body, response: ServerResponse) => unknown>, request: IncomingMessage, response: ServerResponse) {
  const route = routes[(request.url ?? "").split("?")[0] ?? ""];
  if (!route) return void response.writeHead(404, { "content-type": "application/json" }).end('{"detail":"Not Found"}');
  try {
    const made = await route(await bodyOf(request), response);
    if (made !== undefined) response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(made));
  } catch (error) {
    response.writeHead(500, { "content-type": "text/plain" }).end(`Internal Server Error\n${String(error)}`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let raw = "";
  for await (const chunk of request.setEncoding("utf8")) raw += String(chunk);
  return raw === "" ? {} : (JSON.parse(raw) as Body);
}

const urlOf = (server: ReturnType<typeof createServer>) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
