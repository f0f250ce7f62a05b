import { type FileHandle, open, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { InterveneError } from "@/server/errors";
import { decodeFloats, type FloatFormat } from "./floats";

/** One tensor as its file's header describes it. */
export interface SafeTensor {
  name: string;
  /** Row-major, as in PyTorch. */
  shape: number[];
  format: FloatFormat;
  /** The values as float32. */
  read: () => Promise<Float32Array>;
}

const headerSchema = z.record(
  z.string(),
  z.union([
    z.object({ dtype: z.string(), shape: z.array(z.number()), data_offsets: z.tuple([z.number(), z.number()]) }),
    z.record(z.string(), z.string()),
  ]),
);
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

async function files(folder: string): Promise<string[]> {
  try {
    const index = indexSchema.parse(
      JSON.parse(await readFile(path.join(folder, "model.safetensors.index.json"), "utf8")),
    );
    return [...new Set(Object.values(index.weight_map))].map((name) => path.join(folder, name));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return [path.join(folder, "model.safetensors")];
  }
}

/**
 * The weight files of a Hugging Face folder: model.safetensors, or the shards that its index names.
 * Format: 8 bytes header length, JSON header, data (github.com/huggingface/safetensors).
 */
export async function openSafetensors(folder: string) {
  const handles: FileHandle[] = [];
  const tensors = new Map<string, SafeTensor>();
  const close = async () => {
    for (const handle of handles) await handle.close();
  };
  try {
    for (const file of await files(folder)) {
      const handle = await open(file);
      handles.push(handle);
      const prefix = Buffer.alloc(8);
      await handle.read(prefix, 0, 8, 0);
      const headerLength = Number(prefix.readBigUInt64LE());
      const headerBytes = Buffer.alloc(headerLength);
      await handle.read(headerBytes, 0, headerLength, 8);
      for (const [name, entry] of Object.entries(headerSchema.parse(JSON.parse(headerBytes.toString("utf8"))))) {
        if (name === "__metadata__" || !("data_offsets" in entry) || !Array.isArray(entry.data_offsets)) continue;
        const { dtype, shape } = entry;
        const [start, end] = entry.data_offsets;
        if (typeof dtype !== "string" || !Array.isArray(shape)) continue;
        if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16") {
          throw new InterveneError(
            "bad_input",
            `${file}: tensor ${name} has type ${dtype}; only F32, F16 and BF16 can be read.`,
          );
        }
        tensors.set(name, {
          name,
          shape,
          format: dtype,
          read: async () => {
            const bytes = new Uint8Array(end - start);
            const { bytesRead } = await handle.read(bytes, 0, bytes.length, 8 + headerLength + start);
            if (bytesRead !== bytes.length)
              throw new InterveneError("bad_input", `${file} ends inside tensor ${name}.`);
            return decodeFloats(bytes, dtype);
          },
        });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { tensors, close };
}
