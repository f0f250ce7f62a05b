import type { Field, Row, Value } from "../../core/exporting/fields";
import type { ExportManifest } from "../../core/exporting/manifest";

type Counts = Pick<
  ExportManifest["counts"],
  "read" | "rows" | "skipped" | "problems" | "attempts" | "judges" | "labels"
>;

/** What an export counts while its rows go by. */
export class Tally {
  private rows = 0;
  private readonly skipped = new Map<string, number>();
  private readonly labels = new Map<string, number>();
  private readonly different = new Map<string, Set<string>>();

  constructor(fields: readonly Field[]) {
    for (const name of ["problem_id", "attempt_id", "judge"])
      if (fields.some((f) => f.name === name)) this.different.set(name, new Set());
  }

  row(row: Row, label: string): void {
    this.rows++;
    if (label !== "") this.labels.set(label, (this.labels.get(label) ?? 0) + 1);
    for (const [name, seen] of this.different) {
      const value = asText(row[name]);
      if (value !== "") seen.add(value);
    }
  }

  skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  counts(): Counts {
    const skipped = [...this.skipped].map(([reason, count]) => ({ reason, count }));
    const size = (name: string) => this.different.get(name)?.size ?? null;
    return {
      read: this.rows + skipped.reduce((sum, s) => sum + s.count, 0),
      rows: this.rows,
      skipped,
      problems: size("problem_id"),
      attempts: size("attempt_id"),
      judges: size("judge"),
      labels: Object.fromEntries(this.labels),
    };
  }
}

/** An id as text, whether it came decoded or as bytes. */
function asText(value: Value | undefined): string {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
  return typeof value === "string" ? value : "";
}
