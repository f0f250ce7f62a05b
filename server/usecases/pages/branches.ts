import { type StreamPiece, streamPiecesSchema } from "../../core/branching/stream";
import type { BranchDefaults, BranchView, OpenBranch } from "../../core/views/branches";
import { InterveneError } from "../../errors";
import { STREAM_CHANNEL } from "../../store/notify";
import { liveWorkers } from "../../store/read/workers";
import { findBranch, isBranchOver, listBranchSamples, listBranches, listPieces } from "../../store/views/branches";
import { type Listener, listen } from "../../store/views/listen";
import { samplingOfAttempt } from "../sampling-of-attempt";
import { type PageDeps, studyOf } from "./find";

const FEW = 8;

/** Earlier branches of an attempt that this person may see, newest first. */
export async function readBranches(
  deps: PageDeps,
  input: { study: string; attempt: string; personId: string | null },
): Promise<BranchView[]> {
  await studyOf(deps, input.study);
  return listBranches(deps.pool, input.attempt, input.personId);
}

/** One branch with its samples. @throws InterveneError("not_found"), also for one that is somebody else's alone. */
export async function readBranch(
  deps: PageDeps,
  input: { branch: string; personId: string | null },
): Promise<OpenBranch> {
  const branch = await findBranch(deps.pool, input.branch, input.personId);
  if (!branch) throw new InterveneError("not_found", `There is no branch ${input.branch} that you may see.`);
  const [rows, workers] = await Promise.all([listBranchSamples(deps.pool, branch.id), liveWorkers(deps.pool)]);
  return { ...branch, rows, workers: workers.length };
}

/** What a new branch at an attempt is like unless something else is chosen. @throws InterveneError("not_found") */
export async function readBranchDefaults(
  deps: PageDeps,
  input: { study: string; attempt: string },
): Promise<BranchDefaults> {
  const { models, model, settings } = await samplingOfAttempt(deps.pool, input);
  return {
    models: models.map(({ id, name }) => ({ id, name })),
    model: model?.name ?? null,
    sampling: settings.sampling,
    samples: FEW,
    seed: 1,
  };
}

/** What a page hears of the branch that it looks at. */
export type BranchNews = { seq: number; pieces: readonly StreamPiece[] } | "ended";

interface Announced {
  branchId: string;
  seq?: number | undefined;
  pieces?: readonly StreamPiece[] | undefined;
  ended?: boolean | undefined;
}

/** Follow what workers sample by hand. @param onNews null: news may have been missed. */
export function watchBranches(databaseUrl: string, onNews: (news: Announced | null) => void): Listener {
  return listen(databaseUrl, STREAM_CHANNEL, {
    onConnect: () => onNews(null),
    onMessage: (payload) => onNews(parse(payload)),
  });
}

function parse(payload: string): Announced | null {
  try {
    const json: unknown = JSON.parse(payload);
    if (typeof json !== "object" || json === null || !("branchId" in json) || typeof json.branchId !== "string") return null;
    const pieces = "pieces" in json ? streamPiecesSchema.parse(json.pieces) : undefined;
    const seq = "seq" in json && typeof json.seq === "number" ? json.seq : undefined;
    return { branchId: json.branchId, seq, pieces, ended: "ended" in json && json.ended === true };
  } catch {
    return null;
  }
}

/**
 * What has been missed of a branch: pieces after a place in its stream, or that it is over.
 * @param after -1 from the beginning.
 */
export async function readBranchNews(deps: PageDeps, branchId: string, after: number): Promise<BranchNews[]> {
  const pieces = await listPieces(deps.pool, branchId, after);
  return pieces.length === 0 && (await isBranchOver(deps.pool, branchId)) ? ["ended"] : pieces;
}
