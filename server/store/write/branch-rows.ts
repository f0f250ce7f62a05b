import type { Outcome } from "../../core/arms";
import type { BranchKind, BranchPurpose } from "../../core/branching/point";
import type { Sampling } from "../../core/settings";
import type { Tx } from "../transaction";
import type { CopyTable } from "./copy";

export interface NewBranch {
  id: string;
  studyId: string;
  runId: string;
  attemptId: string;
  personId: string | null;
  purpose: BranchPurpose;
  kind: BranchKind;
  step: number;
  content: string;
  samples: number;
  seed: number;
  sampling: Sampling;
  hidden: boolean;
}

/** Add branches in the caller's transaction; the items that sample them point at them. */
export async function insertBranches(tx: Tx, branches: readonly NewBranch[]): Promise<void> {
  for (const b of branches) {
    await tx.query(
      `INSERT INTO branch (id, study_id, run_id, attempt_id, person_id, purpose, kind, step, content, samples, seed, sampling, hidden)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        b.id,
        b.studyId,
        b.runId,
        b.attemptId,
        b.personId,
        b.purpose,
        b.kind,
        b.step,
        b.content.replace(/\0/g, "\uFFFD"),
        b.samples,
        b.seed,
        JSON.stringify(b.sampling),
        b.hidden,
      ],
    );
  }
}

export interface BranchSampleRow {
  id: string;
  branchId: string;
  sampleIndex: number;
  seed: number;
  text: string;
  finishReason: string;
  tokens: number;
  outcome: Outcome;
  reward: number;
  extracted: string | null;
  reason: string;
  graderVersion: string;
}

export const BRANCH_SAMPLES: CopyTable<BranchSampleRow> = {
  table: "branch_sample",
  columns: [
    "id",
    "branchId",
    "sampleIndex",
    "seed",
    "text",
    "finishReason",
    "tokens",
    "outcome",
    "reward",
    "extracted",
    "reason",
    "graderVersion",
  ],
  // The branch may have gone with its study.
  where: "EXISTS (SELECT 1 FROM branch b WHERE b.id = s.branch_id)",
};
