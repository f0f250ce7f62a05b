import type { ImportReport } from "../importing/report";
import type { RunState } from "../run-state";

/** An import that a worker runs, as its page shows it. */
export interface ImportView {
  runId: string;
  pipelineId: string;
  study: string;
  /** The file, or the dataset. */
  name: string;
  state: RunState;
  /** Rows read, and about how many there are. */
  done: number;
  total: number;
  /** What it does or why it failed. */
  message: string;
  report: ImportReport | null;
  /** There is a file with every row that could not be used. */
  hasReport: boolean;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}
