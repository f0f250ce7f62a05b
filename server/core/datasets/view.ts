/** What the pages of data sets show. */
import type { RunState } from "../run-state";
import type { Manifest } from "./manifest";
import type { Reason } from "./reasons";
import type { RowMeta } from "./rows";
import type { Source } from "./sources";

/** building includes waiting for a worker; cancelled and failed may be built again or removed. */
export type DatasetPageState = "building" | "ready" | "failed" | "cancelled";

/** A data set in the list of its study. */
export interface DatasetCard {
  id: string;
  name: string;
  source: Source;
  state: DatasetPageState;
  rows: number;
  /** Of its completions; null where they were not counted or it is not ready. */
  tokens: number | null;
  /** Name of the base model. */
  base: string | null;
  digest: string;
  /** Why it failed; "" when all is well. */
  message: string;
  createdAt: Date;
  /** How far the build is: candidates read. Null when no run is known. */
  build: { pipelineId: string; state: RunState; done: number; total: number; message: string } | null;
}

export interface DatasetView extends DatasetCard {
  studyId: string;
  /** Null until it is ready. */
  manifest: Manifest | null;
  /** The options it was asked with. */
  settings: unknown;
}

/** A row in the list: beginnings of its texts alone. */
export interface DatasetRowCard {
  id: string;
  ordinal: number;
  problemId: string;
  problem: string;
  /** The beginning of the problem, plain. */
  start: string;
  attemptId: string | null;
  proposalId: string | null;
  decisionId: string | null;
  reflectionId: string | null;
  /** The end of the completion: what tells rows apart, as prefixes are alike. */
  completionEnd: string;
  ends: boolean;
  tokens: number;
  meta: RowMeta;
}

export interface DatasetRowPage {
  rows: DatasetRowCard[];
  /** Ordinal after which the next page begins; null on the last one. */
  next: number | null;
}

/** A row in full: exactly what is trained. */
export interface DatasetRowView extends DatasetRowCard {
  prompt: string;
  completion: string;
  /** The decision, or the settlement, that it rests on. */
  decided: { person: string; at: Date; queue: string; queueId: string; itemId: string; number: number } | null;
}

/** Counts before building. */
export interface DatasetPreview {
  of: string;
  candidates: number;
  rows: number;
  dropped: { reason: Reason; says: string; count: number }[];
  /** False when counting stopped before the last candidate, so that the page stays quick. */
  complete: boolean;
  /** Whose attempts are taken; empty for sources that need none. */
  from: string[];
}

/** What there is to build from, for the form. */
export interface DatasetChoices {
  studyId: string;
  models: { name: string; served: boolean; attempts: number; isBase: boolean }[];
  problemSets: string[];
  /** Names of ready data sets. */
  ready: string[];
  reflections: ReflectionCounts;
}

export interface ReflectionCounts {
  /** Failed attempts; those whose problem has a reference can be rewritten. */
  attempts: number;
  /** Rewritings that there are, and the right ones. */
  reflections: number;
  right: number;
  /** The runs that are not over, together; null when there is none. */
  live: { done: number; total: number; message: string } | null;
}
