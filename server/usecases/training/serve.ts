import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "../../env";
import { Http } from "../../inference/http";
import { loadLora, loadsLora } from "../../inference/load-lora";
import { folderKind } from "../../inference/model-folder";
import { serveTrained, untilServed } from "../../inference/serve-trained";
import { updateWeights } from "../../inference/update-weights";

/** Where models are served and what serves them. */
type ServerEnv = Pick<Env, "inferenceUrl" | "inferenceServer" | "inferenceApiKey" | "serveHook">;

export interface ServeOptions {
  env: ServerEnv;
  /** Name under which it is to be served, and the last part of its folder. */
  name: string;
  folder: string;
  /** Throws while the inference server does not serve that name. */
  served(): Promise<unknown>;
  /** What a server of one model is told one after the other. Each is told alone, through `alone`. */
  swap: {
    /** What is still to be sampled from the weights that it holds; "" when nothing is. */
    inUse(): Promise<string>;
    /** Runs the work while no other process of the system does the same. */
    alone(work: () => Promise<void>): Promise<void>;
  };
  /** Told what is waited for. */
  say(message: string): Promise<void>;
  signal: AbortSignal;
  /** It may take so long until the model is served (ms). */
  withinMs: number;
  /** Time between two looks (ms). */
  everyMs: number;
}

/**
 * Have a trained model served, with nobody in between: by the command that a person has set; into a running SGLang; as an adapter
 * under a new name into a running vLLM; and else by the embedded engine, which finds it in its folder by itself.
 *
 * @throws InterveneError("backend" | "unavailable") that says what the server said and what to do; the signal's reason.
 */
export async function serveModel(o: ServeOptions): Promise<void> {
  const { env, name, folder, signal, withinMs, everyMs } = o;
  const { serveHook: hook, inferenceUrl } = env;
  if (hook !== undefined) {
    await o.say(`Waiting until the inference server serves "${name}".`);
    return serveTrained({ hook, name, folder, served: o.served, signal, withinMs, everyMs });
  }
  const swaps = env.inferenceServer === "sglang";
  if (inferenceUrl === undefined || !(swaps || (await folderKind(folder)) === "adapter")) return;
  const http = httpOf(env, inferenceUrl, withinMs);
  const told = { http, name, folder, signal, withinMs, everyMs };
  const load = async () => {
    await o.say(`Waiting until the inference server has loaded "${name}".`);
    await (swaps ? updateWeights(told) : loadLora(told));
    await untilServed({ name, served: o.served, signal, withinMs, everyMs, done: "It was loaded" });
  };
  try {
    if (!swaps) return await load();
    await o.swap.alone(async () => {
      await untilUnused(o);
      await load();
    });
  } finally {
    await http.close();
  }
}

/** A server of one model keeps its weights for as long as somebody samples them. */
async function untilUnused(o: ServeOptions): Promise<void> {
  // Two looks: between a model that has just been put there and the items that sample it lies a moment.
  for (let quiet = 0; quiet < 2; ) {
    const use = await o.swap.inUse();
    quiet = use === "" ? quiet + 1 : 0;
    if (use !== "") await o.say(`Waiting to put "${o.name}" into the inference server: ${use}`);
    if (quiet < 2) await sleep(o.everyMs, undefined, { signal: o.signal }).catch(() => o.signal.throwIfAborted());
  }
}

/**
 * Whether an adapter can be served as it is; a server that does not load adapters is given whole models.
 * @throws InterveneError("unavailable") when the server does not answer now.
 */
export async function servesAdapters(env: ServerEnv, signal: AbortSignal): Promise<boolean> {
  if (env.serveHook !== undefined || env.inferenceUrl === undefined || env.inferenceServer !== "vllm") return false;
  const http = httpOf(env, env.inferenceUrl, SAYS_WITHIN);
  try {
    return await loadsLora(http, signal);
  } finally {
    await http.close();
  }
}

/** A server may take so long to say what it can do (ms). */
const SAYS_WITHIN = 10_000;

const httpOf = (env: ServerEnv, url: string, timeoutMs: number) =>
  new Http({ baseUrl: url.replace(/\/v1$/, ""), timeoutMs, ...(env.inferenceApiKey ? { apiKey: env.inferenceApiKey } : {}) });
