import { InterveneError } from "../errors";
import type { Http } from "./http";
import { tellServer, type TellOptions } from "./tell-server";

export interface LoadLora extends Omit<TellOptions, "path" | "body"> {
  /** A name that the server has never had: one that it knows already is not read anew. */
  name: string;
  /** The adapter's folder, as the server sees it. */
  folder: string;
}

const ROUTE = "/v1/load_lora_adapter";

/**
 * Whether a server loads adapters while it runs. A vLLM has the route, for POST alone, where it was started to (its web framework
 * answers 405 for a route that is there by another method, 404 where there is none); other servers have none.
 *
 * @throws InterveneError("unavailable") when it does not answer now.
 */
export async function loadsLora(http: Http, signal: AbortSignal): Promise<boolean> {
  const answer = await http.send("GET", ROUTE, { signal });
  if (answer.kind === "answer" && answer.status < 500) return answer.status === 405;
  const why = answer.kind === "answer" ? `status ${answer.status}` : answer.message;
  throw new InterveneError("unavailable", `The inference server at ${http.url("")} does not say whether it loads adapters (${why}).`);
}

/**
 * Make a running vLLM serve an adapter under a new name (backends.md 1.1: `--enable-lora`, and
 * VLLM_ALLOW_RUNTIME_LORA_UPDATING=1 in its environment). Repeated after a worker was killed, it finds its name taken: done.
 *
 * @throws InterveneError("backend") with the server's words and what to do; as {@link tellServer}.
 */
export async function loadLora({ name, folder, ...o }: LoadLora): Promise<void> {
  const { status, said } = await tellServer({ ...o, path: ROUTE, body: { lora_name: name, lora_path: folder } });
  if (status === 200 || (status === 400 && /already\s+(been\s+)?loaded/i.test(said))) return;
  const at = `The vLLM server at ${o.http.url("")}`;
  if (status === 404 && !/no adapter found|does not exist/i.test(said))
    throw new InterveneError(
      "backend",
      `${at} loads no adapters while it runs (status 404: ${said}). Start it with --enable-lora, --max-lora-rank as large as the adapter's, and VLLM_ALLOW_RUNTIME_LORA_UPDATING=1 in its environment, or set SERVE_HOOK.`,
    );
  if (status === 404)
    throw new InterveneError("backend", `${at} finds no adapter in ${folder} (${said}): the data folder has to lie on a file system that it sees under the same path.`);
  const hint = status === 401 || status === 403 ? " Set INFERENCE_API_KEY to the server's key." : "";
  throw new InterveneError("backend", `${at} could not load the adapter "${name}" (status ${status}: ${said}).${hint}`);
}
