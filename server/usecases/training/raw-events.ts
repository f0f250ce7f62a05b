import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { z } from "zod";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";

/**
 * The events of a training as its trainer wrote them, JSON lines.
 * @throws InterveneError("not_found") when the training's folder is not on this machine.
 */
export async function rawEvents(home: string, trainingId: string): Promise<ReadableStream> {
  // An id is one part of a path, and nothing else.
  const id = z.uuid().safeParse(trainingId);
  const file = path.join(homePaths(home).trainings, id.success ? id.data : "none", "events.jsonl");
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there) throw new InterveneError("not_found", `This machine has no events of a training ${trainingId}.`);
  return Readable.toWeb(createReadStream(file)) as ReadableStream;
}
