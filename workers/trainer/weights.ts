import { copyFile, mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { InterveneError } from "@/server/errors";
import { openSafetensors } from "../engine/safetensors";
import type { Weights } from "./graph/network";
import { type TrainableConfig, trainableConfig, weightShapes } from "./graph/qwen3";

/**
 * The configuration of a Hugging Face folder, if its network is one that can be trained here.
 * @throws InterveneError("bad_input") that names what is not supported.
 */
export async function readConfig(folder: string): Promise<TrainableConfig> {
  const parsed = trainableConfig.safeParse(JSON.parse(await readFile(path.join(folder, "config.json"), "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InterveneError(
    "bad_input",
    `The embedded trainer cannot train ${folder}: ${issue?.path.join(".")} ${issue?.message}. It trains small Qwen3 models; use the Python trainer for others.`,
  );
}

/** The weights of a folder as float32, by Hugging Face's names. */
export async function readWeights(folder: string, config: TrainableConfig): Promise<Weights> {
  const { tensors, close } = await openSafetensors(folder);
  try {
    const weights: Weights = new Map();
    for (const [name, shape] of weightShapes(config)) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new InterveneError("bad_input", `${folder} has no tensor ${name}.`);
      if (tensor.shape.join() !== shape.join())
        throw new InterveneError(
          "bad_input",
          `${folder}: tensor ${name} is ${tensor.shape.join("×")}, not ${shape.join("×")}.`,
        );
      weights.set(name, await tensor.read());
    }
    return weights;
  } finally {
    await close();
  }
}

/** Files of a model folder that training does not change. */
const KEPT = /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens)\.json$|\.jinja$/;

/** Write a Hugging Face folder: the trained weights in float32, and the configuration and tokenizer of `from`. */
export async function writeModel(
  folder: string,
  from: string,
  weights: Weights,
  config: TrainableConfig,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(from)) {
    if (KEPT.test(name) && name !== "config.json") await copyFile(path.join(from, name), path.join(folder, name));
  }
  const json = JSON.parse(await readFile(path.join(from, "config.json"), "utf8")) as Record<string, unknown>;
  const own = { ...json, dtype: "float32", torch_dtype: "float32" };
  await writeWhole(path.join(folder, "config.json"), [Buffer.from(`${JSON.stringify(own, null, 2)}\n`)]);
  await writeTensors(path.join(folder, "model.safetensors"), weights, weightShapes(config));
}

/** A safetensors file of float32 tensors (8 bytes header length, JSON header, data; github.com/huggingface/safetensors). */
export async function writeTensors(
  file: string,
  tensors: Weights,
  shapes: ReadonlyMap<string, number[]>,
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let offset = 0;
  for (const [name, data] of tensors) {
    header[name] = {
      dtype: "F32",
      shape: shapes.get(name) ?? [data.length],
      data_offsets: [offset, offset + data.byteLength],
    };
    offset += data.byteLength;
  }
  // Padded so that the data begin at a multiple of 8 bytes, as the format recommends.
  const text = JSON.stringify(header);
  const head = Buffer.from(text + " ".repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  const data = [...tensors.values()].map((d) => Buffer.from(d.buffer, d.byteOffset, d.byteLength));
  await writeWhole(file, [length, head, ...data]);
}

/** All of a file, or nothing: a process that is killed leaves no half of a checkpoint behind. */
export async function writeWhole(file: string, parts: readonly Buffer[]): Promise<void> {
  const unfinished = `${file}.part`;
  const handle = await open(unfinished, "w");
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
