import { ARMS, type Arm } from "../core/arms";
import type { RunState } from "../core/run-state";
import { InterveneError } from "../errors";
import { listStudyRuns } from "../store/read/study-runs";
import { type ArmProblemRow, armProblemRows, proposalCounts } from "../store/views/outcomes";
import type { Sql } from "../store/views/sql";
import { findStudy, listPipelines, listStudies } from "../store/views/studies";

/** `intervene status --json`. Others script against it: names and shapes stay. */
export interface Status {
  studies: StudyStatus[];
}

export interface StudyStatus {
  name: string;
  /** Every run of the study, oldest first. Counts are rows (samples, grades, …). */
  runs: { id: string; stage: string; state: RunState; total: number; done: number; failed: number }[];
  /** Of the newest recipe: the four arms of the conditioning table always, others when they have samples. */
  arms: Partial<Record<Arm, ArmStatus>>;
  /** Of the newest recipe; null when the study has none. */
  proposals: ProposalStatus | null;
}

export interface ArmStatus {
  problems: number;
  /** Problems with at least one success. */
  covered: number;
  samples: number;
  correct: number;
}

export interface ProposalStatus {
  verifications: number;
  proposed: number;
  located: number;
  no_error: number;
  unparsed: number;
  out_of_range: number;
  cut_off: number;
  leaked_equivalent: number;
  leaked_substring: number;
  chosen: number;
  kept: number;
}

const ALWAYS: readonly Arm[] = ["problem", "prefix", "original", "intervention"];

/**
 * Counts of every stage and arm, of one study or of all (newest first).
 * @throws InterveneError("not_found") for a study that is not there.
 */
export async function readStatus(deps: { pool: Sql }, input: { study?: string | undefined }): Promise<Status> {
  const studies = await chosenStudies(deps.pool, input.study);
  const ids = studies.map((s) => s.id);
  const runs = await listStudyRuns(deps.pool, ids);
  const pipelines = await listPipelines(deps.pool, ids);
  const status: Status = { studies: [] };
  for (const { id, name } of studies) {
    const pipeline = pipelines.get(id)?.[0]?.id;
    status.studies.push({
      name,
      runs: runs
        .filter((r) => r.studyId === id)
        .map((r) => ({ id: r.id, stage: r.stage, state: r.state, total: r.total, done: r.done, failed: r.failed })),
      arms: armStatus(pipeline ? await armProblemRows(deps.pool, pipeline) : []),
      proposals: pipeline ? await proposalStatus(deps.pool, pipeline) : null,
    });
  }
  return status;
}

async function chosenStudies(sql: Sql, name: string | undefined): Promise<{ id: string; name: string }[]> {
  if (name === undefined) return listStudies(sql);
  const study = await findStudy(sql, name);
  if (!study) throw new InterveneError("not_found", `There is no study "${name}"; "intervene status" lists them all.`);
  return [study];
}

function armStatus(rows: readonly ArmProblemRow[]): Partial<Record<Arm, ArmStatus>> {
  const arms: Partial<Record<Arm, ArmStatus>> = {};
  for (const arm of ARMS) {
    const mine = rows.filter((r) => r.arm === arm);
    if (mine.length === 0 && !ALWAYS.includes(arm)) continue;
    arms[arm] = {
      problems: mine.length,
      covered: mine.filter((r) => r.c > 0).length,
      samples: mine.reduce((sum, r) => sum + r.n, 0),
      correct: mine.reduce((sum, r) => sum + r.c, 0),
    };
  }
  return arms;
}

async function proposalStatus(sql: Sql, pipeline: string): Promise<ProposalStatus> {
  const c = await proposalCounts(sql, pipeline);
  return {
    verifications: c.verifications,
    proposed: c.proposed,
    located: c.located,
    no_error: c.noError,
    unparsed: c.unparsed,
    out_of_range: c.outOfRange,
    cut_off: c.cutOff,
    leaked_equivalent: c.leakedEquivalent,
    leaked_substring: c.leakedSubstring,
    chosen: c.chosen,
    kept: c.kept,
  };
}
