import { open, stat } from "node:fs/promises";
import { type TrainerEvent, trainerEventSchema } from "../../core/training/spec";

/** At most so much of the file is read at once (bytes). */
const AT_ONCE = 1 << 20;

/**
 * Events behind a place in the file: whole lines alone, since the last one may still be being written. A line that is no
 * event (a trainer's own words) is passed over.
 * @returns the events and the place to go on from.
 */
export async function readEvents(file: string, from: number): Promise<{ events: TrainerEvent[]; place: number }> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (handle === null) return { events: [], place: from };
  try {
    const bytes = Buffer.alloc(AT_ONCE);
    const { bytesRead } = await handle.read(bytes, 0, AT_ONCE, from);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    const events = bytes
      .subarray(0, end)
      .toString("utf8")
      .split("\n")
      .flatMap((line) => {
        const event = trainerEventSchema.safeParse(parseJson(line));
        return event.success ? [event.data] : [];
      });
    return { events, place: from + end };
  } finally {
    await handle.close();
  }
}

/** The newest event of the file; undefined when there is none. */
export async function lastEvent(file: string): Promise<TrainerEvent | undefined> {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  return (await readEvents(file, Math.max(0, size - AT_ONCE))).events.at(-1);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
