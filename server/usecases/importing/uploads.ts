/** Files that were handed in, each in a folder of its own until it is imported. */
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { InterveneError, messageOf } from "../../errors";
import { homePaths } from "../../home";

export interface Upload {
  id: string;
  /** The file's name as it was handed in, without folders. */
  name: string;
  bytes: number;
}

/** What nobody imported within a week goes when the next file comes. In ms. */
const KEPT_FOR = 7 * 24 * 3600_000;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A file's name without folders and without what file systems cannot hold. */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  const clean = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, "_").replace(/^\.+/, "").trim();
  return clean.slice(-150) || "upload";
}

/**
 * Keep a file as it streams in; nothing is held in memory.
 * @throws InterveneError("bad_input") when it is cut off; ("cannot_start") when the disk cannot hold it.
 */
export async function saveUpload(home: string, name: string, body: ReadableStream<Uint8Array> | Readable, expected?: number): Promise<Upload> {
  await sweep(home).catch(() => {});
  const id = randomUUID();
  const folder = path.join(homePaths(home).uploads, id);
  const file = path.join(folder, safeName(name));
  try {
    await mkdir(folder, { recursive: true });
    const from = body instanceof Readable ? body : Readable.fromWeb(body as NodeStream<Uint8Array>);
    await pipeline(from, createWriteStream(`${file}.part`, { flags: "wx" }));
    const { size } = await stat(`${file}.part`);
    if (expected !== undefined && size !== expected) {
      throw new InterveneError("bad_input", `Only ${size} of ${expected} bytes of ${safeName(name)} arrived; hand it in again.`);
    }
    await rename(`${file}.part`, file);
    return { id, name: safeName(name), bytes: size };
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    if (cause instanceof InterveneError) throw cause;
    const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
    if (full) throw new InterveneError("cannot_start", `The disk of the data folder is full: ${safeName(name)} does not fit.`, { cause });
    throw new InterveneError("bad_input", `${safeName(name)} did not arrive whole (${messageOf(cause)}); hand it in again.`, { cause });
  }
}

/** @throws InterveneError("not_found") when it is not there (any more). */
export async function findUpload(home: string, id: string): Promise<Upload & { file: string }> {
  const gone = () => new InterveneError("not_found", "The file that was handed in is not there any more; hand it in again.");
  if (!ID.test(id)) throw gone();
  const folder = path.join(homePaths(home).uploads, id);
  const names = await readdir(folder).catch(() => []);
  const name = names.find((n) => !n.endsWith(".part"));
  if (name === undefined) throw gone();
  const file = path.join(folder, name);
  return { id, name, file, bytes: (await stat(file)).size };
}

export async function removeUpload(home: string, id: string): Promise<void> {
  if (ID.test(id)) await rm(path.join(homePaths(home).uploads, id), { recursive: true, force: true });
}

async function sweep(home: string): Promise<void> {
  const { uploads } = homePaths(home);
  for (const id of await readdir(uploads)) {
    const { mtimeMs } = await stat(path.join(uploads, id));
    if (ID.test(id) && Date.now() - mtimeMs > KEPT_FOR) await removeUpload(home, id);
  }
}
