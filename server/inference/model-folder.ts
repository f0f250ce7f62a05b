import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** What lies in a folder of weights: a whole model as Hugging Face lays it out, or an adapter (PEFT's form) beside one. */
export type FolderKind = "model" | "adapter" | "none";

const ADAPTER = "adapter_config.json";

/** An adapter's folder may hold its base model's configuration, too, and is no whole model for that. */
export async function folderKind(folder: string): Promise<FolderKind> {
  if (await exists(path.join(folder, ADAPTER))) return "adapter";
  return (await exists(path.join(folder, "config.json"))) ? "model" : "none";
}

const adapterConfig = z.looseObject({ r: z.number().int().positive() });

/** An adapter's rank. @throws when the folder holds none that can be read. */
export async function adapterRank(folder: string): Promise<number> {
  return adapterConfig.parse(JSON.parse(await readFile(path.join(folder, ADAPTER), "utf8"))).r;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
