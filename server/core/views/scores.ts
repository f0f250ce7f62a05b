/** Scores of texts as the attempt's page shows them. */
import type { RunState } from "../run-state";
import type { ScoreSubject } from "../scoring/subjects";

export interface ScoreView {
  id: string;
  pipelineId: string;
  subject: ScoreSubject;
  subjectId: string | null;
  step: number;
  /** The beginning of a text of one's own. */
  text: string;
  model: string;
  /** Tokens; 0 until scored. */
  n: number;
  /** Mean negative log-likelihood per token in nats; null until scored. */
  mean: number | null;
  /** Of the tokens' negative log-likelihoods; null for one token. */
  sd: number | null;
  /** Characters of the first token that belong to what stands before the text. */
  overlap: number;
  state: RunState;
  /** What it waits for, or why it failed; for people. */
  message: string;
  createdAt: Date;
}

/** One score with its tokens. */
export interface OpenScore extends ScoreView {
  /** Text of each token; together they are the text. */
  tokens: string[];
  /** Natural logarithms, one for each token. */
  logprobs: number[];
}

export interface ScoresView {
  scores: ScoreView[];
  models: { id: string; name: string }[];
  /** The one that made the attempt, or the study's first. */
  model: string | null;
  workers: number;
}
