import { manifestSchema } from "../datasets/manifest";
import { type Field, typeInWords } from "./fields";
import type { ExportFormat, Written } from "./format";
import type { ExportManifest } from "./manifest";
import { FILTER_LABEL, type FilterName, nameOf } from "./request";

/**
 * The dataset card (README.md): YAML front matter as the Hugging Face hub reads it (huggingface.co/docs/hub/datasets-cards,
 * datasets-manual-configuration), then what the rows are, how many, by which filters, and how to load them.
 */
export function datasetCard(
  manifest: ExportManifest,
  format: Pick<ExportFormat, "about" | "load">,
  fields: readonly Field[],
  written: Written,
): string {
  const title = `${nameOf(manifest.what)} of ${manifest.study}: ${manifest.format.label}`;
  return [
    frontMatter(manifest, title),
    `# ${oneLine(title)}\n`,
    `${format.about} Written by ${manifest.tool} on ${manifest.created.slice(0, 10)}.\n`,
    section("What it holds", bullets(manifest.holds)),
    section("Rows", countTable(manifest)),
    section("Filters", bullets(filterLines(manifest))),
    manifest.notes.length === 0 ? "" : section("Mind", bullets(manifest.notes)),
    section("Columns", columnTable(fields)),
    section("Load", `\`\`\`${format.load(written).startsWith("from ") ? "python" : "sh"}\n${format.load(written)}\n\`\`\`\n`),
    section("Files", fileTable(manifest)),
    "manifest.json says the same for programs, with the SHA-256 of each file.\n",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

const section = (title: string, body: string) => `## ${title}\n\n${body}`;
const bullets = (lines: readonly string[]) => `${lines.map((l) => `- ${oneLine(l)}`).join("\n")}\n`;
const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
const cell = (text: string) => oneLine(text).replace(/\|/g, "\\|");
const n = (value: number) => value.toLocaleString("en-US");

const SIZES: [number, string][] = [
  [1e3, "n<1K"],
  [1e4, "1K<n<10K"],
  [1e5, "10K<n<100K"],
  [1e6, "100K<n<1M"],
  [1e7, "1M<n<10M"],
  [1e8, "10M<n<100M"],
  [1e9, "100M<n<1B"],
];

/** The data set's manifest; null for a table, or where another version's builder wrote it otherwise. */
const read = (manifest: unknown) => manifestSchema.safeParse(manifest).data ?? null;

/** JSON strings are YAML strings. */
function frontMatter({ counts, files }: ExportManifest, title: string): string {
  const size = SIZES.find(([below]) => counts.rows < below)?.[1] ?? "n>1B";
  const paths = files.map((f) => `    path: ${JSON.stringify(f.name)}`);
  const data =
    paths.length === 1
      ? ["  - split: train", ...paths]
      : ["  - split: train", "    path:", ...files.map((f) => `    - ${JSON.stringify(f.name)}`)];
  return [
    "---",
    `pretty_name: ${JSON.stringify(oneLine(title))}`,
    "tags:",
    "- intervention-training",
    "size_categories:",
    `- ${size}`,
    "configs:",
    "- config_name: default",
    ...(files.length === 0 ? ["  data_files: []"] : ["  data_files:", ...data]),
    "---",
    "",
  ].join("\n");
}

function countTable({ counts, baseModel, dataset: manifest, digest }: ExportManifest): string {
  const dataset = read(manifest);
  const lines: [string, string][] = [["rows", n(counts.rows)]];
  if (counts.problems !== null) lines.push(["problems", n(counts.problems)]);
  if (counts.attempts !== null) lines.push(["attempts", n(counts.attempts)]);
  if (counts.judges !== null) lines.push(["judges", n(counts.judges)]);
  for (const [source, count] of Object.entries(counts.labels)) lines.push([`labelled by: ${source}`, n(count)]);
  if (counts.unfinished > 0) lines.push(["unfinished answers (no end of turn)", n(counts.unfinished)]);
  for (const { reason, count } of counts.skipped) lines.push([`left out: ${reason}`, n(count)]);
  if (counts.withheldDecisions > 0)
    lines.push(["decisions held back (blind queues that are open)", n(counts.withheldDecisions)]);
  if (dataset !== null) {
    lines.push([`${dataset.counts.of} considered for the data set`, n(dataset.counts.candidates)]);
    for (const d of dataset.counts.dropped) lines.push([`not taken: ${d.says}`, n(d.count)]);
  }
  lines.push(["base model", baseModel === "" ? "none named" : baseModel], ["digest (SHA-256)", digest]);
  return `| | |\n| --- | ---: |\n${lines.map(([what, value]) => `| ${cell(what)} | ${cell(value)} |`).join("\n")}\n`;
}

function filterLines({ filters, dataset: manifest, openBlindQueues }: ExportManifest): string[] {
  const dataset = read(manifest);
  const lines = Object.entries(filters).map(
    ([name, value]) => `${FILTER_LABEL[name as FilterName]}: ${Array.isArray(value) ? value.join(", ") : String(value)}`,
  );
  if (openBlindQueues.length > 0) lines.push(`with decisions of open blind queues: ${openBlindQueues.join(", ")}`);
  if (dataset !== null) {
    const { source, problemSet, from, leak, decisions, withoutPrefix, withSuffix, unfiltered, matching } = dataset.settings;
    lines.push(`source: ${source}`, `problem set: ${problemSet ?? "all"}`, `decisions: ${decisions}`);
    if (from.length > 0) lines.push(`attempts by: ${from.join(", ")}`);
    if (source === "int") lines.push(`answer given away, told by: ${leak}`);
    if (matching !== null) lines.push(`only problems of: ${matching}`);
    if (withoutPrefix) lines.push("ablation: without the prefix");
    if (withSuffix) lines.push("ablation: with a right continuation");
    if (unfiltered) lines.push("ablation: not filtered by success");
  }
  return lines.length > 0 ? lines : ["none: every row"];
}

function columnTable(fields: readonly Field[]): string {
  const rows = fields.map(
    (f) => `| ${f.name} | ${cell(typeInWords(f.type))}${f.nullable ? " or null" : ""} | ${cell(f.about)} |`,
  );
  return `| column | type | |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

function fileTable({ files }: ExportManifest): string {
  const rows = files.map((f) => `| ${f.name} | ${n(f.rows)} | ${n(f.bytes)} |`);
  return `| file | rows | bytes |\n| --- | ---: | ---: |\n${rows.join("\n")}\n`;
}
