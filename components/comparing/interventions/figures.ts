import type { Tested } from "@/server/core/comparing/conditioning";
import type { Published } from "@/server/core/comparing/published-interventions";
import type { ArmSummary } from "@/server/core/statistics/armTable";
import { pWords } from "@/server/core/statistics/pWords";
import { type ChartTable, points } from "../../charts/table";

/** A row of a table of coverage and accuracy. */
export interface ShareRow {
  key: string;
  label: string;
  /** Under the label, small. */
  note?: string | undefined;
  /** What the label leads to. */
  href?: string | undefined;
  /** Null: a gap, and why. */
  figures: ArmSummary | null;
  gap: string;
  interventions?: number | null | undefined;
  links: { interventions?: string | undefined; covered?: string | undefined; problems?: string | undefined; samples?: string | undefined };
  /** Drawn in the colour of interventions. */
  strong?: boolean | undefined;
  published?: Published | undefined;
  /** undefined: the table has no differences; null: nothing to compare with; "baseline": it is what the others are compared with. */
  difference?: { coverage: Tested; accuracy: Tested } | "baseline" | null | undefined;
}

/** "+3.1 [+0.4, +5.9]"; a gap without problems. */
export function differenceWords(t: Tested): string {
  return t.difference === null ? "—" : `${points(t.difference.value)} [${points(t.difference.low)}, ${points(t.difference.high)}]`;
}

/** "p = 0.003 (Holm 0.01)". */
export function testWords(t: Tested): string {
  if (t.p === null || t.difference === null) return "nothing to compare";
  if (t.differing === 0) return "no problem differs";
  return t.holm === null || t.holm === t.p ? pWords(t.p) : `${pWords(t.p)}, Holm ${pWords(t.holm).replace(/^p (= )?/, "")}`;
}

/** The table's data whole, for the CSV. */
export function shareTable(rows: readonly ShareRow[], first: string): ChartTable {
  const withDifference = rows.some((r) => r.difference !== undefined);
  const withPublished = rows.some((r) => r.published !== undefined);
  return {
    columns: [
      { key: "label", label: first },
      ...(rows.some((r) => r.interventions !== undefined) ? [{ key: "interventions", label: "interventions", kind: "count" as const }] : []),
      { key: "problems", label: "problems", kind: "count" },
      { key: "covered", label: "problems with a success", kind: "count" },
      { key: "coverage", label: "coverage", kind: "percent" },
      { key: "coverageLow", label: "coverage, low", kind: "percent" },
      { key: "coverageHigh", label: "coverage, high", kind: "percent" },
      { key: "samples", label: "samples", kind: "count" },
      { key: "correct", label: "right samples", kind: "count" },
      { key: "accuracy", label: "accuracy", kind: "percent" },
      { key: "accuracyLow", label: "accuracy, low", kind: "percent" },
      { key: "accuracyHigh", label: "accuracy, high", kind: "percent" },
      ...(withDifference
        ? ([
            { key: "paired", label: "paired problems", kind: "count" },
            { key: "dCoverage", label: "coverage, difference", kind: "points" },
            { key: "dCoverageLow", label: "low", kind: "points" },
            { key: "dCoverageHigh", label: "high", kind: "points" },
            { key: "pCoverage", label: "p (Holm)", kind: "figure" },
            { key: "dAccuracy", label: "accuracy, difference", kind: "points" },
            { key: "dAccuracyLow", label: "low", kind: "points" },
            { key: "dAccuracyHigh", label: "high", kind: "points" },
            { key: "pAccuracy", label: "p (Holm)", kind: "figure" },
          ] as const)
        : []),
      ...(withPublished
        ? ([
            { key: "publishedCovered", label: "published: covered", kind: "count" },
            { key: "publishedProblems", label: "published: problems", kind: "count" },
            { key: "publishedAccuracy", label: "published: accuracy", kind: "percent" },
          ] as const)
        : []),
    ],
    rows: rows.map((r) => {
      const d = typeof r.difference === "object" ? r.difference : null;
      return {
        label: r.label,
        interventions: r.interventions ?? null,
        problems: r.figures?.problems ?? null,
        covered: r.figures?.covered ?? null,
        coverage: r.figures?.coverage?.value ?? null,
        coverageLow: r.figures?.coverage?.low ?? null,
        coverageHigh: r.figures?.coverage?.high ?? null,
        samples: r.figures?.samples ?? null,
        correct: r.figures?.correct ?? null,
        accuracy: r.figures?.accuracy?.value ?? null,
        accuracyLow: r.figures?.accuracy?.low ?? null,
        accuracyHigh: r.figures?.accuracy?.high ?? null,
        paired: d?.accuracy.difference?.n ?? null,
        dCoverage: d?.coverage.difference?.value ?? null,
        dCoverageLow: d?.coverage.difference?.low ?? null,
        dCoverageHigh: d?.coverage.difference?.high ?? null,
        pCoverage: d?.coverage.holm ?? null,
        dAccuracy: d?.accuracy.difference?.value ?? null,
        dAccuracyLow: d?.accuracy.difference?.low ?? null,
        dAccuracyHigh: d?.accuracy.difference?.high ?? null,
        pAccuracy: d?.accuracy.holm ?? null,
        publishedCovered: r.published?.covered ?? null,
        publishedProblems: r.published?.problems ?? null,
        publishedAccuracy: r.published?.accuracy ?? null,
      };
    }),
  };
}
