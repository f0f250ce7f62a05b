import { createHash } from "node:crypto";
import { type Funnel, losses } from "../../core/datasets/funnel";
import { BUILDER_VERSION, type Manifest } from "../../core/datasets/manifest";
import { canonicalRow, DIGEST_OVER } from "../../core/datasets/rows";
import type { DatasetSettings } from "../../core/datasets/settings";
import { CANDIDATE_WORDS } from "../../core/datasets/sources";
import { GRADER_VERSION } from "../../core/grading/grade";
import { listOriginRuns, readDatasetFacts, readTrained } from "../../store/read/dataset-facts";
import type { Sql } from "../../store/views/sql";
import type { TokenRule } from "./tokens";

/** SHA-256 (hex) of the rows as they stand in the database; see canonicalRow. */
export async function digestOf(sql: Sql, datasetId: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const rows of readTrained(sql, datasetId)) {
    signal?.throwIfAborted();
    for (const row of rows) hash.update(canonicalRow(row));
  }
  return hash.digest("hex");
}

/** What a data set says of itself, once all its rows are there. */
export async function makeManifest(
  sql: Sql,
  d: {
    id: string;
    name: string;
    study: string;
    base: Manifest["base"];
    settings: DatasetSettings;
    funnel: Funnel;
    tokens: TokenRule;
  },
  signal: AbortSignal,
): Promise<Manifest> {
  const { funnel, settings } = d;
  const [facts, origins, value] = [
    await readDatasetFacts(sql, d.id),
    await listOriginRuns(sql, d.id),
    await digestOf(sql, d.id, signal),
  ];
  const people = settings.source === "int" && settings.decisions !== "ignore";
  return {
    format: "intervene-dataset@1",
    tool: { builder: BUILDER_VERSION, grader: GRADER_VERSION },
    study: d.study,
    name: d.name,
    source: settings.source,
    builtAt: new Date().toISOString(),
    base: d.base,
    settings,
    counts: {
      of: CANDIDATE_WORDS[settings.source],
      candidates: funnel.candidates,
      rows: funnel.rows,
      problems: facts.problems,
      attempts: facts.attempts,
      dropped: losses(funnel),
    },
    decisions: {
      rule: people ? settings.decisions : "ignore",
      accepted: funnel.accepted,
      located: funnel.located,
      edited: funnel.edited,
      settled: funnel.settled,
      rejected: funnel.dropped.rejected ?? 0,
      noError: funnel.dropped.no_error ?? 0,
      otherStep: funnel.dropped.other_step ?? 0,
      differ: funnel.dropped.judges_differ ?? 0,
      undecided: people ? funnel.rows - funnel.accepted - funnel.located - funnel.edited : 0,
    },
    runs: origins.map(({ settings: frozen, ...run }) => ({ ...run, settingsDigest: sha256(sorted(frozen)) })),
    templates: Object.entries(funnel.templates).map(([id, rows]) => ({ id, rows })),
    tokens: { ...d.tokens, ...facts.tokens },
    digest: { algorithm: "sha256", over: DIGEST_OVER, value },
  };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** JSON with the keys of every object sorted: the same settings give the same text. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === "object" && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}
