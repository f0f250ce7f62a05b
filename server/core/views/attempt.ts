/** What the page of one attempt shows. Texts of verifications and continuations are read when they are opened. */
import type { Arm, Outcome } from "../arms";
import type { Interval } from "../statistics/intervals";
import type { StepVerdict, VerificationOutcome } from "../verification";

export interface VerificationView {
  id: string;
  sampleIndex: number;
  outcome: VerificationOutcome;
  firstError: number | null;
  verdicts: StepVerdict[];
  parseNote: string;
  tokens: number;
}

export interface ProposalView {
  id: string;
  verificationId: string | null;
  sampleIndex: number;
  author: string;
  content: string;
  location: number;
  leakEquivalent: boolean;
  leakSubstring: boolean;
  chosen: boolean;
  kept: boolean | null;
}

export interface ContinuationMark {
  id: string;
  arm: Arm;
  proposalId: string | null;
  sampleIndex: number;
  outcome: Outcome;
  tokens: number;
}

/** One arm's strip. */
export interface ArmStrip {
  arm: Arm;
  marks: ContinuationMark[];
  correct: number;
  /** Wilson 95 % interval of the success rate; null without samples. */
  rate: Interval | null;
}

export interface AttemptView {
  id: string;
  study: { id: string; name: string };
  run: { id: string; stage: string };
  model: string | null;
  problem: {
    id: string;
    ordinal: number;
    key: string;
    statement: string;
    answer: string;
    reference: string;
    referenceSource: string;
  };
  sampleIndex: number;
  seed: number;
  finishReason: string;
  tokens: number;
  /** The attempt's text, split (server/core/steps.ts). */
  steps: string[];
  reward: number | null;
  /** The newest grade. */
  grade: { extracted: string | null; reason: string; graderVersion: string } | null;
  /** First errors located by people; `firstError` null means that they found none. */
  labels: { source: string; firstError: number | null }[];
  verifications: VerificationView[];
  proposals: ProposalView[];
  /** Of the model's versions. */
  strips: ArmStrip[];
  /** Of versions that people wrote. */
  peopleStrips: ArmStrip[];
}

/** One continuation, opened. */
export interface ContinuationView {
  id: string;
  arm: Arm;
  sampleIndex: number;
  seed: number;
  outcome: Outcome;
  finishReason: string;
  tokens: number;
  /** Steps of the sampled text alone, without what it continued. */
  steps: string[];
  grade: { extracted: string | null; reason: string; graderVersion: string } | null;
}
