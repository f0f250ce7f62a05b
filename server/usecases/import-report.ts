import { once } from "node:events";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import path from "node:path";
import type { BadRow, VerdictDifference } from "../core/importing/report";
import { InterveneError, messageOf } from "../errors";

type Line = ({ kind: "bad_row" | "repaired_row" } & BadRow) | ({ kind: "other_verdict" } & VerdictDifference);

/** The report file of one import: opened with its first line, so that a clean import leaves none. */
export class ReportFile {
  private stream: WriteStream | null = null;
  private failure: Error | null = null;
  readonly path: string;

  /** @param folder where reports stand; made when needed. */
  constructor(folder: string, file: string, now = new Date()) {
    const stamp = now.toISOString().replace(/[-:]/g, "").replace(".", "-");
    this.path = path.join(folder, `import-${path.parse(file).name}-${stamp}.jsonl`);
  }

  get written(): string | null {
    return this.stream ? this.path : null;
  }

  /** @throws InterveneError("cannot_start") when the folder cannot be written. */
  async write(line: Line): Promise<void> {
    if (!this.stream) {
      try {
        mkdirSync(path.dirname(this.path), { recursive: true });
      } catch (cause) {
        throw this.unwritable(cause);
      }
      this.stream = createWriteStream(this.path, { flags: "wx" });
      this.stream.on("error", (error) => {
        this.failure = error;
      });
    }
    if (this.failure) throw this.unwritable(this.failure);
    if (!this.stream.write(`${JSON.stringify(line)}\n`)) await once(this.stream, "drain");
  }

  async close(): Promise<void> {
    if (!this.stream) return;
    if (!this.failure) await new Promise<void>((done) => this.stream?.end(done));
    if (this.failure) throw this.unwritable(this.failure);
  }

  private unwritable(cause: unknown): InterveneError {
    return new InterveneError("cannot_start", `The report ${this.path} cannot be written: ${messageOf(cause)}.`, {
      cause,
    });
  }
}
