/** What a published folder holds, as its files (server/core/publishing/script.ts) hand it to the reader. */
import type { ValuePoint } from "../branching/values";
import type { PublicationManifest, PublicationResult } from "../publishing/manifest";
import type { PublishRequest } from "../publishing/request";
import type { RunState } from "../run-state";
import type { FinalTable } from "./comparing-table";
import type { AttemptView, ContinuationMark, ProposalView, VerificationView } from "./attempt";
import type { ArmView, ProposalCounts } from "./study";
import type { EvaluationView } from "./training";

/** A recipe with its figures, as the study's page shows them. */
export interface PublishedPipeline {
  id: string;
  recipe: string;
  state: RunState;
  /** Rows by stage. */
  stages: { stage: string; state: RunState; total: number; done: number; failed: number; kept: number | null }[];
  arms: ArmView[];
  proposals: ProposalCounts;
  /** What it was run with; null where it cannot be read. */
  settings: PublishedSettings | null;
}

/** Of the frozen settings what a reader of a paper needs. */
export interface PublishedSettings {
  seed: number;
  rollouts: number;
  verifications: number;
  continuations: number;
  temperature: number;
  maxTokens: number;
  /** Ids of the prompts. */
  prompts: string[];
}

/** Key "study". */
export interface PublishedStudy {
  name: string;
  kind: string;
  note: string;
  tool: string;
  models: string[];
  /** Of the whole study; what is published of it stands in the manifest. */
  problems: number;
  attempts: number;
  request: PublishRequest;
  pipelines: PublishedPipeline[];
  /** Null where nothing was evaluated. */
  table: FinalTable | null;
  evaluations: Omit<EvaluationView, "modelId" | "runId">[];
  datasets: { name: string; source: string; rows: number }[];
  /** How many files "attempts-0", "attempts-1", … and "problems-0", … there are. */
  files: { attempts: number; problems: number };
}

/** Key "manifest". */
export type PublishedManifest = PublicationManifest;

/** A problem in the index; its text is a file of its own. Key "problems-N": a list of them. */
export interface PublishedProblemRow {
  id: string;
  ordinal: number;
  key: string;
  set: string;
  start: string;
  answer: string;
  /** Of the whole study. */
  attempts: number;
  graded: number;
  correct: number;
}

/** An attempt in the index, as a list: 16,000 of them are read at once. Key "attempts-N": a list of them. */
export type PublishedAttemptRow = [
  id: string,
  problemId: string,
  sample: number,
  model: string | null,
  reward: number | null,
  steps: number,
  tokens: number,
  finishReason: string,
  firstError: number | null,
  agreeing: number,
  verifications: number,
  label: number | "none" | null,
  location: number | null,
  kept: boolean | null,
  leaked: boolean,
  /** Right of sampled, by arm. */
  prefix: readonly [number, number] | null,
  original: readonly [number, number] | null,
  intervention: readonly [number, number] | null,
];

export interface PublishedGrade {
  extracted: string | null;
  reason: string;
  graderVersion: string;
}

/** A long text that is read when it is opened: a verification's log, or a continuation. */
export interface PublishedText {
  id: string;
  text: string;
  /** Of a continuation. */
  seed?: number;
  finishReason?: string;
  grade?: PublishedGrade | null;
}

/** Long texts: in the same file, or, where they are many, in files KEY.0, KEY.1, … that hold lists of them. */
export interface PublishedTexts {
  texts: PublishedText[];
  /** Number of the file of each text that is not in `texts`. */
  parts: Record<string, number>;
}

/** Key "problem/ID". */
export interface PublishedProblem extends PublishedTexts {
  problem: AttemptView["problem"];
  /** Continuations from the bare problem: they stand beside each of its attempts. */
  marks: ContinuationMark[];
}

/** What a person decided about the attempt. */
export interface PublishedDecision {
  judge: string;
  queue: string;
  action: string;
  reason: string;
  errorType: string;
  note: string;
  firstError: number | null;
  location: number | null;
  content: string | null;
  /** It is the judge's standing vote; undone decisions and skips are not. */
  counts: boolean;
}

/** Key "attempt/ID". */
export interface PublishedAttempt extends PublishedTexts {
  attempt: Pick<AttemptView, "id" | "model" | "sampleIndex" | "seed" | "finishReason" | "tokens" | "reward" | "grade" | "labels"> & {
    stage: string;
    problemId: string;
    text: string;
  };
  verifications: VerificationView[];
  proposals: ProposalView[];
  marks: ContinuationMark[];
  /** Null where nobody sampled any. */
  values: { model: string; points: ValuePoint[] } | null;
  decisions: PublishedDecision[];
}

/** A publication in the product's own list. */
export interface PublicationView {
  id: string;
  pipelineId: string;
  state: RunState;
  done: number;
  total: number;
  message: string;
  createdAt: Date;
  request: PublishRequest;
  result: PublicationResult | null;
  /** Its folder is there. */
  there: boolean;
}

/** What a publication would hold. */
export interface PublicationPreview {
  attempts: number;
  problems: number;
  continuations: number;
  decisions: number;
  withheldDecisions: number;
  /** False where only part is drawn: then problems and continuations are guesses by its share. */
  exact: boolean;
}
