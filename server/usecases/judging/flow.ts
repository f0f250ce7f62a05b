import type { Arm } from "../../core/arms";
import { answerLeak } from "../../core/leakage";
import { InterveneError } from "../../errors";
import { readAttemptSampling, listServedModels } from "../../store/read/attempt-sampling";
import { listUnsampled, type UnsampledRow } from "../../store/judging/stands";
import { type NewVersion, sampleVersions, type VersionsOf } from "../../store/judging/versions";
import type { Deps } from "../deps";
import { intSettingsFor } from "../sampling-of-attempt";

/** Versions taken up at once; the next agreement takes up the rest. */
const AT_ONCE = 200;

/**
 * Have people's versions sampled like any other: of every rewritten intervention that stands (settled, or agreed on by all judges)
 * a proposal by a person is written, and continuations from it are asked for. What is left to do is a query, so it may be called at
 * any time and as often as one likes.
 * @returns how many versions were taken up.
 */
export async function flowQueue(deps: Pick<Deps, "pool" | "queue">, queueId: string): Promise<number> {
  return flow(deps, await listUnsampled(deps.pool, { queueId }, AT_ONCE));
}

/** {@link flowQueue} for every queue of a study. */
export async function flowStudy(deps: Pick<Deps, "pool" | "queue">, studyId: string): Promise<number> {
  return flow(deps, await listUnsampled(deps.pool, { studyId }, AT_ONCE));
}

async function flow(deps: Pick<Deps, "pool" | "queue">, rows: readonly UnsampledRow[]): Promise<number> {
  const groups = new Map<string, { of: VersionsOf; versions: NewVersion[] }>();
  for (const row of rows) {
    const planned = await plan(deps, row);
    const key = JSON.stringify(planned.of);
    const group = groups.get(key) ?? { of: planned.of, versions: [] };
    group.versions.push(planned.version);
    groups.set(key, group);
  }
  for (const { of, versions } of groups.values()) await sampleVersions(deps, of, versions);
  return rows.length;
}

async function plan(deps: Pick<Deps, "pool">, row: UnsampledRow): Promise<{ of: VersionsOf; version: NewVersion }> {
  const attempt = await readAttemptSampling(deps.pool, row.studyId, row.attemptId);
  if (attempt === null) throw new InterveneError("not_found", `The attempt ${row.attemptId} is gone.`);
  const models = await listServedModels(deps.pool, row.studyId);
  const model = models.find((m) => m.id === attempt.modelId) ?? models[0] ?? null;
  const settings = await intSettingsFor(deps.pool, attempt, model);
  const leak = answerLeak(row.content, attempt.answer);
  // At the model's own place prefix and original step were sampled already, and are the same for both versions.
  const arms: Arm[] =
    model === null
      ? []
      : settings.continuation.arms.filter(
          (arm) => arm === "intervention" || (row.sampledLocation !== row.location && (arm === "prefix" || arm === "original")),
        );
  return {
    of: { studyId: row.studyId, settings, modelId: model?.id ?? null },
    version: {
      attemptId: row.attemptId,
      decisionId: row.decisionId,
      settlementId: row.settlementId,
      content: row.content,
      location: row.location,
      leakEquivalent: leak.equivalent,
      leakSubstring: leak.substring,
      proposalId: row.proposalId,
      arms,
    },
  };
}
