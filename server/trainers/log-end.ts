import { open } from "node:fs/promises";

/** Lines of a log that a failure shows, and how much of the file is looked at for them (bytes). */
const LINES = 12;
const TAIL = 16_384;

/** The last lines of a text. */
export function lastLines(text: string): string {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-LINES)
    .join("\n");
}

/** The last lines of a file; "" when there is none. */
export async function logFileEnd(file: string): Promise<string> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return "";
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(TAIL, size));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, Math.max(0, size - TAIL));
    return lastLines(bytes.subarray(0, bytesRead).toString("utf8"));
  } finally {
    await handle.close();
  }
}
