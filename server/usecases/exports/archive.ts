import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { TAR_END, tarHeader, tarPadding, tarSize } from "../../core/exporting/tar";
import { type ZipEntry, zipDirectory, zipHeader, zipLayout } from "../../core/exporting/zip";

export interface Archive {
  stream: Readable;
  /** Bytes. */
  size: number;
  type: string;
  /** Of its name, with the dot. */
  extension: string;
}

interface ArchivedFile {
  /** In the archive (at most 100 bytes). */
  name: string;
  path: string;
  size: number;
}

type Maker = (files: readonly ArchivedFile[], changed: Date) => Archive;

/** Under these names a folder's files come in one archive. */
const ARCHIVES: Readonly<Record<string, Maker>> = { "all.zip": zip, "all.tar": tar };

/** Whether a name asks for all files at once. */
export const isArchive = (name: string) => Object.hasOwn(ARCHIVES, name);

/**
 * Files as one archive, streamed; null when one of them is gone.
 *
 * @param name one that {@link isArchive} knows. @param files names in it (at most 100 bytes), and where they lie.
 */
export async function archiveOf(
  name: string,
  files: readonly { name: string; path: string }[],
  changed: Date,
): Promise<Archive | null> {
  const parts: ArchivedFile[] = [];
  for (const file of files) {
    const size = await sizeOf(file.path);
    if (size === null) return null;
    parts.push({ ...file, size });
  }
  return ARCHIVES[name]?.(parts, changed) ?? null;
}

function tar(files: readonly ArchivedFile[], changed: Date): Archive {
  async function* bytes() {
    for (const file of files) {
      yield tarHeader(file.name, file.size, changed);
      yield* contents(file.path);
      yield tarPadding(file.size);
    }
    yield TAR_END;
  }
  const size = tarSize(files.map((f) => f.size));
  return { stream: Readable.from(bytes()), size, type: "application/x-tar", extension: ".tar" };
}

/** Each file is read twice: its checksum stands before its bytes. */
function zip(files: readonly ArchivedFile[], changed: Date): Archive {
  const { size, offsets, directoryAt } = zipLayout(files);
  async function* bytes() {
    const entries: ZipEntry[] = [];
    for (const [i, file] of files.entries()) {
      let crc = 0;
      for await (const part of contents(file.path)) crc = crc32(part as Buffer, crc);
      const entry = { name: file.name, size: file.size, crc, changed, offset: offsets[i] ?? 0 };
      entries.push(entry);
      yield zipHeader(entry);
      yield* contents(file.path);
    }
    yield zipDirectory(entries, directoryAt);
  }
  return { stream: Readable.from(bytes()), size, type: "application/zip", extension: ".zip" };
}

const contents = (file: string) => createReadStream(file, { highWaterMark: 1 << 18 });

/** Bytes of a file; null when there is none. */
export const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    (s) => (s.isFile() ? s.size : null),
    () => null,
  );
