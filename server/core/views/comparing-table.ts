/** The final table of a study: pass@k of every lineage on every benchmark, with what it is of and how sure it is. */
import type { Interval } from "../statistics/intervals";

/** One figure that is asked for. */
export interface TableColumn {
  set: string;
  k: number;
}

/** A benchmark: a problem set on which something was evaluated. */
export interface TableSet {
  name: string;
  /** Problems that some evaluation has samples of. */
  problems: number;
  /** Most samples of a problem by any model: no k above it. */
  most: number;
}

/** One model of a row, or one evaluation where a row has a single model. */
export interface RowPart {
  /** "seed 1", or "samples 1" for an evaluation of the row's only model. */
  label: string;
  model: string;
  modelId: string;
  /** Evaluation runs that its samples are of. */
  runs: string[];
}

/** A row beside the chosen baseline, on the problems that both have. */
export interface Against {
  /** Mean difference over problems, 95 % paired bootstrap over problems. */
  difference: Interval;
  /** Problems that both have. */
  problems: number;
  /** Sign-flip permutation test; `adjusted` by Holm over the rows of the column. */
  p: number;
  adjusted: number;
}

export interface ValueCell {
  kind: "value";
  /** Mean over problems of the mean over models of pass@k; 95 % by bootstrap over problems. */
  of: Interval;
  problems: number;
  /** Fewest and most samples of a problem by one model. */
  samples: [number, number];
  /** Models (training seeds) in the mean. */
  models: number;
  /** Problems of the benchmark that are not in it: fewer than k samples, or none by some of the models. */
  leftOut: number;
  /** Each part's own value, as in the row's parts. */
  parts: (number | null)[];
  /** t-interval over the parts, from three on. */
  overParts: Interval | null;
  /** null in the baseline's own row, and where the two share no problem. */
  against: Against | null;
  /** The highest of its column, by a paired interval above 0 against every other row. */
  best: boolean;
  runs: string[];
}

export interface GapCell {
  kind: "gap";
  /** Why there is none, in words. */
  reason: string;
}

/** A mean of several columns. */
export interface AverageCell {
  kind: "value";
  /** Bootstrap over the problems of each benchmark. */
  of: Interval;
  parts: (number | null)[];
  overParts: Interval | null;
  against: Against | null;
  best: boolean;
}

export interface TableAverage {
  label: string;
  /** Indices of the columns it is the mean of. */
  columns: number[];
}

export interface FinalRow {
  /** Unique in its table; what the baseline is chosen by. */
  label: string;
  baseline: boolean;
  /** Whether its parts are models of several training seeds, evaluations of one model, or one of one. */
  partsAre: "seeds" | "evaluations" | "one";
  parts: RowPart[];
  /** As the table's columns. */
  cells: (ValueCell | GapCell)[];
  averages: (AverageCell | GapCell)[];
  /** Samples are still being made or graded. */
  atWork: boolean;
  /** What is to be known of it, in sentences. */
  notes: string[];
}

export interface FinalTable {
  study: string;
  /** Every benchmark there is to choose. */
  sets: TableSet[];
  columns: TableColumn[];
  averages: TableAverage[];
  /** Label of the baseline's row; null without rows. */
  baseline: string | null;
  rows: FinalRow[];
  /** Resamples of each interval. */
  resamples: number;
  /** What was asked for by name and is not there. */
  passedOver: string[];
}

/** What is asked of the table; what is left out is chosen. */
export interface FinalTableQuery {
  /** Outranks `sets` and `ks`. */
  columns?: readonly TableColumn[] | undefined;
  sets?: readonly string[] | undefined;
  ks?: readonly number[] | undefined;
  baseline?: string | undefined;
}
