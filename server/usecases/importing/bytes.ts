/** The bytes of a file as a stream, unpacked where it is packed with gzip or zstd. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, type Transform } from "node:stream";
import zlib from "node:zlib";
import { InterveneError, messageOf } from "../../errors";

export type Compression = "gzip" | "zstd" | null;

/** The file ended or broke inside of its compression: what was read before stands. */
export class DamagedFile extends Error {
  override readonly name = "DamagedFile";
}

export interface FileBytes {
  file: string;
  /** Size on the disk. */
  size: number;
  compression: Compression;
  /** The first unpacked bytes, up to 64 KiB. */
  head: Buffer;
  /** All unpacked bytes from the start, in pieces. @throws DamagedFile when the packed file is cut off or broken. */
  pieces(): AsyncGenerator<Buffer>;
  /** Bytes of the file on the disk that `pieces` has read so far. */
  read(): number;
}

const HEAD = 64 * 1024;
const PIECE = 256 * 1024;

/**
 * Open a file and look at its first bytes.
 * @throws InterveneError("bad_input" | "not_found") for a file that is missing, a folder, or cannot be read.
 */
export async function openBytes(file: string): Promise<FileBytes> {
  const { size, magic } = await look(file);
  const compression = compressionOf(magic);
  let read = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    read = 0;
    const raw = createReadStream(file, { highWaterMark: PIECE });
    raw.on("data", (chunk) => {
      read += chunk.length;
    });
    if (compression === null) {
      raw.pause();
      for await (const piece of raw) yield piece as Buffer;
      return;
    }
    const unpack: Transform =
      compression === "gzip" ? zlib.createGunzip({ chunkSize: PIECE }) : zlib.createZstdDecompress({ chunkSize: PIECE });
    pipeline(raw, unpack, () => {});
    try {
      for await (const piece of unpack) yield piece as Buffer;
    } catch (cause) {
      throw new DamagedFile(damage(compression, cause), { cause });
    }
  }
  const bytes: FileBytes = { file, size, compression, head: Buffer.alloc(0), pieces, read: () => read };
  bytes.head = await headOf(pieces());
  return bytes;
}

async function look(file: string): Promise<{ size: number; magic: Buffer }> {
  try {
    const handle = await open(file, "r");
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) throw new InterveneError("bad_input", `${file} is a folder; name a file in it.`);
      const magic = Buffer.alloc(4);
      await handle.read(magic, 0, 4, 0);
      return { size: stat.size, magic };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof InterveneError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const message = missing ? `There is no file ${file}.` : `${file} cannot be read: ${messageOf(cause)}.`;
    throw new InterveneError(missing ? "not_found" : "bad_input", message, { cause });
  }
}

function compressionOf(magic: Buffer): Compression {
  if (magic[0] === 0x1f && magic[1] === 0x8b) return "gzip";
  if (magic.readUInt32LE(0) === 0xfd2fb528) return "zstd";
  return null;
}

/** What can be unpacked of the start, however damaged the rest is: reading it later says so with its row. */
async function headOf(pieces: AsyncGenerator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of pieces) {
      parts.push(piece);
      length += piece.length;
      if (length >= HEAD) break;
    }
  } catch (error) {
    if (!(error instanceof DamagedFile) || length === 0) {
      throw error instanceof DamagedFile ? new InterveneError("bad_input", `${error.message}.`, { cause: error }) : error;
    }
  }
  return Buffer.concat(parts).subarray(0, HEAD);
}

function damage(compression: "gzip" | "zstd", cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  const cut = code === "Z_BUF_ERROR" || /unexpected end/i.test(messageOf(cause));
  return cut ? `The ${compression} file ends too early (it was cut off)` : `The ${compression} file is damaged (${messageOf(cause)})`;
}
