/** How a training failed. In a run's message it is one text; the page shows its parts. */
export interface TrainingFailure {
  /** A sentence: what the trainer said, or that it said nothing. */
  said: string;
  /** Exit status; null when it was ended by a signal, or nobody knows. */
  status: number | null;
  /** Folder with spec, log, events and checkpoints, on the machine that shares the data folder. */
  folder: string;
  /** Last lines of its log; "" when it is empty. */
  log: string;
}

const LIE_IN = " Its spec and log lie in ";
const END = "; the end of the log: ";
const EMPTY = "(it is empty)";

/** The text of a failure. */
export function failureText(f: TrainingFailure): string {
  const exit = f.status === null ? "" : ` Exit status ${f.status}.`;
  return `${f.said}${exit}${LIE_IN}${f.folder}${END}${f.log || EMPTY}`;
}

/** The parts of {@link failureText}; null for any other message, such as one of a training that was never started. */
export function parseFailure(text: string): TrainingFailure | null {
  const folderAt = text.indexOf(LIE_IN);
  const logAt = text.indexOf(END, folderAt);
  if (folderAt < 0 || logAt < 0) return null;
  // A run counts its failed items before the words of the first; a training is one.
  const head = /^(?:1 item failed: )?(.*?)(?: Exit status (-?\d+)\.)?$/s.exec(text.slice(0, folderAt));
  const log = text.slice(logAt + END.length);
  return {
    said: head?.[1] ?? "",
    status: head?.[2] === undefined ? null : Number(head[2]),
    folder: text.slice(folderAt + LIE_IN.length, logAt),
    log: log === EMPTY ? "" : log,
  };
}
