import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { TAR_END, tarHeader, tarPadding, tarSize } from "../../core/exporting/tar";

/** Files as one tar archive, streamed; null when one of them is gone. @param files names in it (at most 100 bytes), and where they lie. */
export async function archiveOf(
  files: readonly { name: string; path: string }[],
  changed: Date,
): Promise<{ stream: Readable; size: number } | null> {
  const parts: (typeof files[number] & { size: number })[] = [];
  for (const file of files) {
    const size = await sizeOf(file.path);
    if (size === null) return null;
    parts.push({ ...file, size });
  }
  return { stream: Readable.from(archive(parts, changed)), size: tarSize(parts.map((p) => p.size)) };
}

async function* archive(files: readonly { name: string; path: string; size: number }[], changed: Date) {
  for (const file of files) {
    yield tarHeader(file.name, file.size, changed);
    yield* createReadStream(file.path, { highWaterMark: 1 << 18 });
    yield tarPadding(file.size);
  }
  yield TAR_END;
}

/** Bytes of a file; null when there is none. */
export const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    (s) => (s.isFile() ? s.size : null),
    () => null,
  );
