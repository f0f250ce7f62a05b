/** A program that a launcher runs somewhere: a trainer with its spec file. */
export interface Job {
  /** Stable: starting it twice starts it once. Letters, digits and "-". */
  id: string;
  /** Folder of its own, which the program sees under the same path. */
  folder: string;
  /** Program and arguments. */
  command: readonly string[];
  /** Working directory. */
  cwd: string;
  /** File for what it prints. */
  log: string;
}

/** What is known of a job where it runs. */
export interface JobState {
  /** waiting: for its turn · running · ended: whatever came of it stands in its events. */
  state: "waiting" | "running" | "ended";
  /** Exit status, where the launcher can say. */
  status: number | null;
  /** In the launcher's own words ("PENDING, Resources"), for people; "" when there is nothing to add. */
  note: string;
}

/**
 * Where trainers run. A handle is JSON that stands in the training's row, so that any worker finds the job again; it is
 * parsed by the launcher that wrote it.
 */
export interface Launcher {
  readonly kind: string;
  /**
   * Start the job, or find the one that was started before under its id and has not ended.
   * @throws InterveneError("unavailable") when that cannot be tried now, "backend" when it was refused.
   */
  start(job: Job): Promise<unknown>;
  /** @throws InterveneError("unavailable") when the launcher does not answer now. */
  state(handle: unknown): Promise<JobState>;
  /** Ask it to end (SIGTERM, so that it leaves a checkpoint), and end it by force after `graceMs`. */
  stop(handle: unknown, graceMs: number): Promise<void>;
  /** The end of what it printed. */
  logEnd(handle: unknown, job: Job): Promise<string>;
}

/** A word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
