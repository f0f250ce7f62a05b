import type { FileHandle } from "node:fs/promises";

/**
 * Writing GGUF version 3, llama.cpp's file format: header, key-value metadata, tensor table, tensor data.
 * Source: github.com/ggml-org/ggml, docs/gguf.md. All integers little-endian; tensor data aligned to 32 bytes.
 */

/** A metadata value; arrays of strings and of int32 are the two that tokenizers need. */
export type GgufValue =
  | { type: "uint32" | "float32"; value: number }
  | { type: "bool"; value: boolean }
  | { type: "string"; value: string }
  | { type: "strings"; value: readonly string[] }
  | { type: "int32s"; value: readonly number[] };

/** ggml's numbers of the two tensor types written here. */
export const GGML_TYPE = { f32: 0, f16: 1 } as const;
export type GgmlFloat = keyof typeof GGML_TYPE;

/** One tensor of the file. `shape` is in row-major order as in PyTorch ([rows, columns]); GGUF stores it reversed. */
export interface GgufTensor {
  name: string;
  shape: readonly number[];
  type: GgmlFloat;
  /** The tensor's bytes in `type`, little-endian, row-major. Called once, in order, so that only one is in memory. */
  read: () => Promise<Uint8Array>;
}

const ALIGNMENT = 32;
const VALUE_TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

/** Bytes of a tensor's data, without padding. */
function byteLength(tensor: GgufTensor): number {
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  return elements * (tensor.type === "f32" ? 4 : 2);
}

const padded = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

class Bytes {
  private readonly parts: Buffer[] = [];
  length = 0;

  private push(part: Buffer) {
    this.parts.push(part);
    this.length += part.length;
  }
  uint32(value: number) {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    this.push(part);
  }
  uint64(value: number) {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt(value));
    this.push(part);
  }
  float32(value: number) {
    const part = Buffer.alloc(4);
    part.writeFloatLE(value);
    this.push(part);
  }
  raw(part: Buffer) {
    this.push(part);
  }
  string(value: string) {
    const part = Buffer.from(value, "utf8");
    this.uint64(part.length);
    this.push(part);
  }
  value(entry: GgufValue) {
    switch (entry.type) {
      case "uint32":
        this.uint32(VALUE_TYPE.uint32);
        this.uint32(entry.value);
        return;
      case "float32":
        this.uint32(VALUE_TYPE.float32);
        this.float32(entry.value);
        return;
      case "bool":
        this.uint32(VALUE_TYPE.bool);
        this.raw(Buffer.from([entry.value ? 1 : 0]));
        return;
      case "string":
        this.uint32(VALUE_TYPE.string);
        this.string(entry.value);
        return;
      case "strings":
        this.uint32(VALUE_TYPE.array);
        this.uint32(VALUE_TYPE.string);
        this.uint64(entry.value.length);
        for (const item of entry.value) this.string(item);
        return;
      case "int32s":
        this.uint32(VALUE_TYPE.array);
        this.uint32(VALUE_TYPE.int32);
        this.uint64(entry.value.length);
        this.raw(Buffer.from(Int32Array.from(entry.value).buffer));
        return;
    }
  }
  concat(): Buffer {
    return Buffer.concat(this.parts, this.length);
  }
}

/** Write a whole GGUF file to an open file, tensor by tensor. */
export async function writeGguf(
  file: FileHandle,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensor[],
): Promise<void> {
  const head = new Bytes();
  head.raw(Buffer.from("GGUF"));
  head.uint32(3);
  head.uint64(tensors.length);
  head.uint64(metadata.size);
  for (const [key, entry] of metadata) {
    head.string(key);
    head.value(entry);
  }
  let offset = 0;
  for (const tensor of tensors) {
    head.string(tensor.name);
    head.uint32(tensor.shape.length);
    for (const size of [...tensor.shape].reverse()) head.uint64(size);
    head.uint32(GGML_TYPE[tensor.type]);
    head.uint64(offset);
    offset += padded(byteLength(tensor));
  }
  head.raw(Buffer.alloc(padded(head.length) - head.length));
  await file.writeFile(head.concat());
  for (const tensor of tensors) {
    const data = await tensor.read();
    if (data.byteLength !== byteLength(tensor)) {
      throw new Error(`${tensor.name} has ${data.byteLength} bytes instead of ${byteLength(tensor)}`);
    }
    await file.writeFile(data);
    await file.writeFile(Buffer.alloc(padded(data.byteLength) - data.byteLength));
  }
}
