import type { FileKind } from "../exporting/format";
import type { ExportResult, ExportTask } from "../exporting/task";
import type { RunState } from "../run-state";

/** What the export page offers. */
export interface ExportChoices {
  studyId: string;
  datasets: { name: string; source: string; rows: number; ready: boolean }[];
  problemSets: string[];
  models: string[];
  /** Runs that rows can be narrowed to, newest first. */
  runs: { id: string; stage: string; createdAt: Date }[];
  queues: { name: string; blind: boolean; open: boolean }[];
  /** The server has a token of its own for the hub. */
  hasToken: boolean;
  /** Where pushes go. */
  hub: string;
}

/** What an export would be. */
export interface ExportPreview {
  rows: number;
  file: FileKind;
  columns: { name: string; type: string; about: string }[];
  /** The first row that the format can hold, as indented JSON with long texts cut; null when there is none. */
  row: string | null;
  /** Why there is no row, or what only the worker can make; "" otherwise. */
  says: string;
  notes: string[];
  load: string;
}

/** An export that was asked for. */
export interface ExportView {
  id: string;
  pipelineId: string;
  state: RunState;
  done: number;
  total: number;
  message: string;
  createdAt: Date;
  task: ExportTask;
  result: ExportResult | null;
  /** Its files are still there. */
  there: boolean;
}
