/** What POST /imports/preview answers: what an import of a file would take from it. */
import { z } from "zod";
import { IMPORT_KINDS } from "../importing/record";

const attempt = z.object({
  model: z.string(),
  text: z.string().meta({ description: "its beginning" }),
  steps: z.int(),
  answer: z.string().nullable().meta({ description: "what the grader would compare; null when the text has no answer" }),
  verdict: z.boolean().nullable().meta({ description: "the file's own: right or wrong" }),
  label: z.object({ source: z.string(), first_error: z.int().nullable() }).nullable(),
  verification: z.boolean().meta({ description: "a verification log comes with it" }),
  proposal: z.object({ content: z.string(), location: z.int() }).nullable(),
});

const problem = z.object({
  statement: z.string().meta({ description: "its beginning; for rows that only name a problem, the name" }),
  answer: z.string().nullable(),
  reference: z.boolean().meta({ description: "a reference solution comes with it" }),
  named: z.boolean().meta({ description: "the row only names a problem of the study" }),
});

export const importPreviewShape = z
  .object({
    name: z.string(),
    container: z.string().meta({ description: '"Parquet", "JSON lines, gzip"' }),
    bytes: z.int(),
    sentence: z.string().meta({ description: "what it is taken for, or why that is not known" }),
    format: z
      .object({ id: z.string(), title: z.string(), holds: z.enum(IMPORT_KINDS) })
      .nullable()
      .meta({ description: "null when no format knows it: then give a mapping" }),
    as: z.enum(IMPORT_KINDS).nullable().meta({ description: "what would be taken of it" }),
    problem_set: z.string().nullable(),
    takes: z.record(z.string(), z.string()).meta({ description: "which of the file's fields each of ours comes from" }),
    not_kept: z.array(z.string()).meta({ description: "fields that are not kept" }),
    columns: z.array(z.object({ name: z.string(), example: z.string() })),
    rows: z.array(
      z.object({
        row: z.int(),
        problem: problem.nullable(),
        attempts: z.array(attempt),
        bad: z.object({ field: z.string(), reason: z.string() }).nullable().meta({ description: "why this row would be left out" }),
      }),
    ),
    formats: z.array(z.object({ id: z.string(), title: z.string() })).meta({ description: "formats that can be asked for" }),
  })
  .meta({ id: "ImportPreview" });
export type ImportPreviewShape = z.infer<typeof importPreviewShape>;
