import { type PublishRequest, type PublishWish, problemOf, publishRequestSchema } from "../../core/publishing/request";
import { InterveneError } from "../../errors";
import { createWholeTask } from "../../store/write/create-task";
import type { Deps } from "../deps";
import { studyOf } from "../pages/find";

/** @throws InterveneError("bad_input") that says what does not go together. */
export function parsePublishWish(wish: PublishWish): PublishRequest {
  const parsed = publishRequestSchema.safeParse(wish);
  if (!parsed.success) {
    throw new InterveneError("bad_input", 'The attempts to publish are "all", "failed", "with-proposal" or a number of at least 1.');
  }
  const problem = problemOf(parsed.data);
  if (problem !== "") throw new InterveneError("bad_input", problem);
  return parsed.data;
}

/**
 * Publish a study as a task of a worker that shares the data folder.
 * @returns the run: its `result` is a PublicationResult (server/core/publishing/manifest.ts).
 */
export async function startPublication(
  deps: Pick<Deps, "pool" | "queue">,
  input: { study: string; wish: PublishWish },
): Promise<{ runId: string }> {
  const request = parsePublishWish(input.wish);
  const study = await studyOf(deps, input.study);
  const { runId } = await createWholeTask(deps, { studyId: study.id, stage: "publish", settings: { request }, modelId: null });
  return { runId };
}
