import { appendFileSync, mkdirSync, statSync, truncateSync } from "node:fs";
import path from "node:path";
import type { BadRow, VerdictDifference } from "../../core/importing/report";
import { InterveneError, messageOf } from "../../errors";

type Line = ({ kind: "bad_row" | "repaired_row" } & BadRow) | ({ kind: "other_verdict" } & VerdictDifference);

/** The report file of one import: made with its first line, so that a clean import leaves none. */
export class ReportFile {
  private lines: string[] = [];
  private written = 0;

  /**
   * @param bytes how much of it an earlier, interrupted run of the same import had written when it last saved its place;
   * what it wrote after that is cut off, as those rows are read again.
   */
  constructor(
    readonly path: string,
    bytes = 0,
  ) {
    this.written = bytes;
    try {
      if (statSync(this.path).size > bytes) truncateSync(this.path, bytes);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw this.unwritable(cause);
      this.written = 0;
    }
  }

  /** Null while there is nothing in it. */
  get file(): string | null {
    return this.written > 0 || this.lines.length > 0 ? this.path : null;
  }

  /** Bytes in the file after the last flush. */
  get bytes(): number {
    return this.written;
  }

  write(line: Line): void {
    this.lines.push(`${JSON.stringify(line)}\n`);
  }

  /** @throws InterveneError("cannot_start") when the folder cannot be written. */
  flush(): void {
    if (this.lines.length === 0) return;
    const text = this.lines.join("");
    try {
      mkdirSync(path.dirname(this.path), { recursive: true });
      appendFileSync(this.path, text);
    } catch (cause) {
      throw this.unwritable(cause);
    }
    this.written += Buffer.byteLength(text);
    this.lines = [];
  }

  private unwritable(cause: unknown): InterveneError {
    return new InterveneError("cannot_start", `The report ${this.path} cannot be written: ${messageOf(cause)}.`, { cause });
  }
}

/** A report's name that no other import has: the file's and the time. */
export function reportName(file: string, now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace(".", "-");
  return `import-${path.parse(file).name}-${stamp}.jsonl`;
}
