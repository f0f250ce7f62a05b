import { z } from "zod";
import { ARMS } from "../arms";
import { FILE_KINDS } from "./format";
import { findFormat, formatsOf } from "./registry";
import { TABLES, type Table } from "./shapes";

/** Where first errors come from, best first: for a row the first that there is counts. */
export const LABEL_SOURCES = ["settled", "decided", "imported", "model"] as const;
export type LabelSource = (typeof LABEL_SOURCES)[number];

/** Which rows; what is left out does not narrow. */
export const filtersSchema = z.strictObject({
  run: z.uuid().optional(),
  problemSet: z.string().min(1).optional(),
  /** Name of the model that wrote (scored) it. */
  model: z.string().min(1).optional(),
  reward: z.union([z.literal(0), z.literal(1)]).optional(),
  chosen: z.boolean().optional(),
  kept: z.boolean().optional(),
  /** Only proposals that do not state the answer. */
  withoutLeaks: z.literal(true).optional(),
  arm: z.enum(ARMS).optional(),
  subject: z.string().min(1).optional(),
  /** Name of a queue. */
  queue: z.string().min(1).optional(),
  labels: z.array(z.enum(LABEL_SOURCES)).min(1).optional(),
});
export type Filters = z.infer<typeof filtersSchema>;
export type FilterName = keyof Filters;

/** Filters that a source knows. */
export const FILTERS_OF: Record<Table | "dataset", readonly FilterName[]> = {
  dataset: ["labels"],
  problems: ["problemSet"],
  attempts: ["run", "problemSet", "model", "reward", "labels"],
  grades: ["run", "problemSet", "reward"],
  verifications: ["run", "problemSet"],
  proposals: ["run", "problemSet", "model", "chosen", "kept", "withoutLeaks"],
  continuations: ["run", "problemSet", "arm", "reward"],
  decisions: ["queue", "problemSet"],
  scores: ["run", "model", "subject"],
};

export const FILTER_LABEL: Record<FilterName, string> = {
  run: "run",
  problemSet: "problem set",
  model: "model",
  reward: "reward",
  chosen: "chosen",
  kept: "kept",
  withoutLeaks: "without those that state the answer",
  arm: "arm",
  subject: "subject",
  queue: "queue",
  labels: "labels by",
};

export const whatSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("dataset"), name: z.string().min(1) }),
  z.object({ kind: z.literal("table"), table: z.enum(TABLES) }),
]);
export type What = z.infer<typeof whatSchema>;

export const sourceOf = (what: What): Table | "dataset" => (what.kind === "dataset" ? "dataset" : what.table);
/** For people and file names. */
export const nameOf = (what: What): string => (what.kind === "dataset" ? what.name : what.table);

/** What is exported and how. */
export const exportRequestSchema = z
  .object({
    what: whatSchema,
    format: z.string(),
    /** Default: the format's first. */
    file: z.enum(FILE_KINDS).optional(),
    filters: filtersSchema.default({}),
    /** Write judges' names; otherwise each is a stable pseudonym. */
    names: z.boolean().default(false),
    /** Blind queues, by name, whose decisions are written although the queue is still open. */
    openBlindQueues: z.array(z.string().min(1)).default([]),
  })
  .superRefine((request, context) => {
    const problem = problemOf(request.what, request.format, request.file, request.filters);
    if (problem !== "") context.addIssue({ code: "custom", message: problem });
  });
export type ExportRequest = z.infer<typeof exportRequestSchema>;
/** As somebody asks for it: defaults may be left out. */
export type ExportWish = z.input<typeof exportRequestSchema>;

/** Why these do not go together, as a sentence; "" when they do. */
function problemOf(what: What, id: string, file: string | undefined, filters: Filters): string {
  const source = sourceOf(what);
  const format = findFormat(id);
  const offered = formatsOf(source).map((f) => f.id);
  if (!format) return `There is no format "${id}". ${label(source)} can be written as ${offered.join(", ")}.`;
  if (!offered.includes(id)) {
    return `${label(source)} cannot be written as ${id} (${format.about}) but as ${offered.join(", ")}.`;
  }
  if (file !== undefined && !format.files.some((f) => f === file)) {
    return `The format ${id} is written as ${format.files.join(" or ")}, not ${file}.`;
  }
  const foreign = Object.keys(filters).find((f) => !FILTERS_OF[source].some((known) => known === f));
  if (foreign !== undefined) {
    const known = FILTERS_OF[source];
    return `${label(source)} cannot be filtered by ${foreign}${known.length > 0 ? ` but by ${known.join(", ")}` : ""}.`;
  }
  if (filters.labels !== undefined && format.shape !== "steps")
    return `labels only matter to formats of labelled steps, and ${id} is none.`;
  return "";
}

const label = (source: Table | "dataset") => (source === "dataset" ? "A dataset" : `The table ${source}`);
