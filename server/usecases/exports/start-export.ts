import type { ExportWish } from "../../core/exporting/request";
import { type ExportTask, type Push, pushSchema } from "../../core/exporting/task";
import { InterveneError } from "../../errors";
import { findExport } from "../../store/exports/runs";
import { findStudy } from "../../store/views/studies";
import { createTaskIn } from "../../store/write/create-task";
import { inTransaction } from "../../store/transaction";
import type { Deps } from "../deps";
import { contextOf } from "./write-export";
import { parseWish, resolve } from "./source";
import { keepToken } from "./token";

/** A push that is asked for, with the token of this one time. */
export interface PushWish {
  repo: string;
  private?: boolean;
  /** Left out: the worker's HF_TOKEN. */
  token?: string;
}

export interface StartExport extends ExportWish {
  /** Name or id. */
  study: string;
  push?: PushWish;
}

/**
 * Start an export as a task of a worker that shares the data folder. The wish is checked now, so that what cannot be
 * written is refused here rather than in the worker.
 *
 * @param home the data folder; needed when a token is handed over.
 * @returns the run: follow it as any other, its `result` is an ExportResult (server/core/exporting/task.ts).
 * @throws InterveneError("not_found" | "bad_input" | "conflict"), as {@link resolve} and {@link parseWish} do.
 */
export async function startExport(
  deps: Pick<Deps, "pool" | "queue">,
  { study: name, push, ...wish }: StartExport,
  home: string | null = null,
): Promise<{ runId: string; studyId: string }> {
  const request = parseWish(wish);
  const study = await studyOf(deps, name);
  const source = await resolve(deps.pool, study, request);
  // Refused now when there is no tokenizer to be had; the worker asks for the real one.
  await contextOf({ encoder: async () => NOBODY }, source);
  return create(deps, study.id, { task: "write", request, push: checkPush(push, home) }, push?.token, home);
}

/** Push what an earlier export wrote. @throws as {@link startExport}; ("conflict") when it is not there. */
export async function startPush(
  deps: Pick<Deps, "pool" | "queue">,
  input: { study: string; runId: string; push: PushWish },
  home: string | null = null,
): Promise<{ runId: string; studyId: string }> {
  const study = await studyOf(deps, input.study);
  const run = await findExport(deps.pool, study.id, input.runId);
  if (!run) throw new InterveneError("not_found", `The study “${study.name}” has no export ${input.runId}.`);
  if (run.result === null || run.state !== "done")
    throw new InterveneError("conflict", "This export has not been written, so there is nothing to push.");
  const push = checkPush(input.push, home);
  if (!push) throw new Error("a push was asked for");
  return create(deps, study.id, { task: "push", of: run.result.folder, push }, input.push.token, home);
}

/** Any encoder does while a wish is only checked. */
const NOBODY = {
  endId: null,
  turn: async () => ({ prompt: [], whole: [] }),
  render: async () => "",
  decode: async () => "",
};

async function studyOf(deps: Pick<Deps, "pool">, name: string): Promise<{ id: string; name: string }> {
  const study = await findStudy(deps.pool, name);
  if (!study) throw new InterveneError("not_found", `There is no study called “${name}”.`);
  return { id: study.id, name: study.name };
}

export function checkPush(push: PushWish | undefined, home: string | null): Push | null {
  if (!push) return null;
  const parsed = pushSchema.safeParse({ repo: push.repo, private: push.private });
  if (!parsed.success)
    throw new InterveneError("bad_input", `The repository ${JSON.stringify(push.repo)} ${parsed.error.issues[0]?.message}.`);
  if (push.token !== undefined && home === null)
    throw new InterveneError("bad_input", "A token can be handed over only where the data folder is shared: set HF_TOKEN for the worker.");
  return parsed.data;
}

async function create(
  deps: Pick<Deps, "pool" | "queue">,
  studyId: string,
  task: ExportTask,
  token: string | undefined,
  home: string | null,
): Promise<{ runId: string; studyId: string }> {
  const { runId } = await inTransaction(deps.pool, (tx) =>
    createTaskIn(tx, deps.queue, { studyId, stage: "export", settings: task, modelId: null }, async (runId) => {
      // Before the task can be taken: its worker must find it.
      if (token !== undefined && home !== null) await keepToken(home, runId, token);
      return [{ targetId: runId, units: 0 }];
    }),
  );
  return { runId, studyId };
}
