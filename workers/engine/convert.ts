import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { InterveneError, messageOf } from "@/server/errors";
import { type GgmlFloat, writeGguf } from "./gguf";
import { qwen3Config, qwen3Metadata, qwen3Tensors, tokenizerFile } from "./gguf-qwen3";
import { openSafetensors } from "./safetensors";

/** Changes when the converter writes something else for the same folder, so that old cached files are not used. */
const CONVERTER_VERSION = "1";
/** Weight files up to this size are hashed by content; larger ones by name, size and time. */
const HASHED_BYTES = 256 * 2 ** 20;

const SOURCES = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "chat_template.jinja",
  "model.safetensors",
  "model.safetensors.index.json",
];

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

async function digest(folder: string, type: GgmlFloat): Promise<string> {
  const hash = createHash("sha256").update(`${CONVERTER_VERSION} ${type}`);
  for (const name of SOURCES) {
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info === undefined) continue;
    hash.update(`\n${name} ${info.size}\n`);
    hash.update(info.size > HASHED_BYTES ? String(info.mtimeMs) : await readFile(file));
  }
  return hash.digest("hex").slice(0, 24);
}

async function chatTemplate(folder: string): Promise<string | undefined> {
  const own = await readOptional(path.join(folder, "chat_template.jinja"));
  if (own !== undefined) return own;
  const config = await readOptional(path.join(folder, "tokenizer_config.json"));
  if (config === undefined) return undefined;
  return z.object({ chat_template: z.string().optional() }).parse(JSON.parse(config)).chat_template;
}

/** Convert a Hugging Face folder (Qwen3) to a GGUF file at `target`. */
export async function convertFolder(folder: string, target: string, type: GgmlFloat = "f32"): Promise<void> {
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(path.join(folder, name), "utf8"));
  let file: Awaited<ReturnType<typeof open>> | undefined;
  let weights: Awaited<ReturnType<typeof openSafetensors>> | undefined;
  const partial = `${target}.${process.pid}.part`;
  try {
    const config = qwen3Config.parse(await json("config.json"));
    const tokenizer = tokenizerFile.parse(await json("tokenizer.json"));
    weights = await openSafetensors(folder);
    const metadata = qwen3Metadata(config, tokenizer, {
      name: path.basename(folder),
      type,
      chatTemplate: await chatTemplate(folder),
    });
    await mkdir(path.dirname(target), { recursive: true });
    file = await open(partial, "w");
    await writeGguf(file, metadata, qwen3Tensors(config, weights.tensors, type));
    await file.sync();
    await file.close();
    file = undefined;
    await rename(partial, target);
  } catch (error) {
    await file?.close();
    await rm(partial, { force: true });
    const reason = error instanceof z.ZodError ? (error.issues[0]?.message ?? "wrong contents") : messageOf(error);
    throw new InterveneError("cannot_start", `The model folder ${folder} cannot be converted: ${reason}`, {
      cause: error,
    });
  } finally {
    await weights?.close();
  }
}

/**
 * The GGUF file of a model path: the path itself if it is a file, or the folder's conversion, made once and kept in
 * `cache` under a digest of the folder's contents.
 */
export async function ggufFor(modelPath: string, cache: string, type: GgmlFloat = "f32"): Promise<string> {
  const info = await stat(modelPath).catch(() => undefined);
  if (info === undefined) throw new InterveneError("cannot_start", `There is no model at ${modelPath}.`);
  if (info.isFile()) return modelPath;
  const target = path.join(cache, `${path.basename(path.resolve(modelPath))}-${await digest(modelPath, type)}.gguf`);
  if ((await stat(target).catch(() => undefined)) === undefined) await convertFolder(modelPath, target, type);
  return target;
}
