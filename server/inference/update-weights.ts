import { InterveneError } from "../errors";
import { tellServer, type TellOptions } from "./tell-server";

export interface UpdateWeights extends Omit<TellOptions, "path" | "body"> {
  /** Name of the model, by which its answers are told apart from those of other weights; the folder's last part. */
  name: string;
  /** Folder of the weights, as the server sees it. */
  folder: string;
}

/**
 * Put other weights into a running SGLang (backends.md 1.2). It finishes what it is sampling first, then swaps, and empties its prefix
 * cache, whose keys and values are the old weights'. When it fails it keeps (or goes back to) what it had.
 *
 * @throws InterveneError("backend") with the server's words; as {@link tellServer}.
 */
export async function updateWeights({ name, folder, ...o }: UpdateWeights): Promise<void> {
  const body = { model_path: folder, weight_version: name, flush_cache: true, abort_all_requests: false };
  const { status, said } = await tellServer({ ...o, path: "/update_weights_from_disk", body });
  if (status === 200) return;
  const at = `The SGLang server at ${o.http.url("")}`;
  if (status === 404)
    throw new InterveneError("backend", `${at} has no /update_weights_from_disk (status 404: ${said}), so it is no SGLang server, as INFERENCE_SERVER=sglang says, or one that keeps it for its administrator.`);
  const hint = status === 401 || status === 403 ? " Set INFERENCE_API_KEY to the server's key." : "";
  throw new InterveneError(
    "backend",
    `${at} did not take the weights of "${name}" from ${folder} (status ${status}: ${said}). It has to see that folder under the same path, and the model has to be of the kind it was started with.${hint}`,
  );
}
