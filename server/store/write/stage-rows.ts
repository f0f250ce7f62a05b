import type { Outcome } from "../../core/arms";
import type { StepVerdict, VerificationOutcome } from "../../core/verification";
import type { CopyTable } from "./copy";

/** Rows that stages write. Ids are made by the writer (uuid v7); everything else is as in prisma/schema.prisma. */
export interface AttemptRow {
  id: string;
  runId: string;
  problemId: string;
  modelId: string | null;
  sampleIndex: number;
  seed: number;
  text: string;
  finishReason: string;
  tokens: number;
  steps: number;
}

export interface GradeRow {
  id: string;
  attemptId: string | null;
  continuationId: string | null;
  graderVersion: string;
  reward: number;
  extracted: string | null;
  reason: string;
}

/** A first error as it is known from elsewhere. */
export interface LabelRow {
  id: string;
  attemptId: string;
  source: string;
  firstError: number | null;
}

export interface VerificationRow {
  id: string;
  runId: string;
  attemptId: string;
  sampleIndex: number;
  seed: number;
  text: string;
  verdicts: StepVerdict[];
  firstError: number | null;
  outcome: VerificationOutcome;
  parseNote: string;
  finishReason: string;
  tokens: number;
}

export interface ProposalRow {
  id: string;
  runId: string;
  attemptId: string;
  verificationId: string;
  sampleIndex: number;
  content: string;
  location: number;
  leakEquivalent: boolean;
  leakSubstring: boolean;
  /** Of the content, under the proposer's tokenizer. */
  tokens: number;
}

export interface ContinuationRow {
  id: string;
  runId: string;
  problemId: string;
  attemptId: string | null;
  proposalId: string | null;
  arm: string;
  targetId: string;
  sampleIndex: number;
  seed: number;
  text: string;
  finishReason: string;
  tokens: number;
  outcome: Outcome;
  reward: number;
}

export const ATTEMPTS: CopyTable<AttemptRow> = {
  table: "attempt",
  columns: ["id", "runId", "problemId", "modelId", "sampleIndex", "seed", "text", "finishReason", "tokens", "steps"],
};

export const GRADES: CopyTable<GradeRow> = {
  table: "grade",
  columns: ["id", "attemptId", "continuationId", "graderVersion", "reward", "extracted", "reason"],
  // A sample that was there already keeps its own grade.
  where: `(s.attempt_id IS NULL OR EXISTS (SELECT 1 FROM attempt a WHERE a.id = s.attempt_id))
      AND (s.continuation_id IS NULL OR EXISTS (SELECT 1 FROM continuation c WHERE c.id = s.continuation_id))`,
};

export const LABELS: CopyTable<LabelRow> = {
  table: "label",
  columns: ["id", "attemptId", "source", "firstError"],
};

export const VERIFICATIONS: CopyTable<VerificationRow> = {
  table: "verification",
  columns: [
    "id",
    "runId",
    "attemptId",
    "sampleIndex",
    "seed",
    "text",
    "verdicts",
    "firstError",
    "outcome",
    "parseNote",
    "finishReason",
    "tokens",
  ],
};

export const PROPOSALS: CopyTable<ProposalRow> = {
  table: "proposal",
  columns: [
    "id",
    "runId",
    "attemptId",
    "verificationId",
    "sampleIndex",
    "content",
    "location",
    "leakEquivalent",
    "leakSubstring",
    "tokens",
  ],
  where: "EXISTS (SELECT 1 FROM verification v WHERE v.id = s.verification_id)",
};

export const CONTINUATIONS: CopyTable<ContinuationRow> = {
  table: "continuation",
  columns: [
    "id",
    "runId",
    "problemId",
    "attemptId",
    "proposalId",
    "arm",
    "targetId",
    "sampleIndex",
    "seed",
    "text",
    "finishReason",
    "tokens",
    "outcome",
    "reward",
  ],
};

/** The tables with long texts, which are written by COPY. */
export const STAGED_TABLES = ["attempt", "verification", "continuation", "reflection", "branch_sample"] as const;
