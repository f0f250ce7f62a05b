import { z } from "zod";
import { mappingSchema } from "../../../core/importing/mapping";
import { IMPORT_KINDS } from "../../../core/importing/record";
import { hubSourceSchema } from "../../../core/importing/settings";
import { importPreviewShape } from "../../../core/programs/import-preview";
import { runDetailShape, runShape } from "../../../core/programs/shapes";
import { dropFile, importInto, importReport, previewOf, type ReceivedFile, receiveFile } from "../../../usecases/programs/imports";
import { getRun, listRuns } from "../../../usecases/programs/runs";
import { bytesOf, jsonBody, parseValue } from "../body";
import { downloadAnswer } from "../download";
import { listRoute } from "../paging";
import { type BodySpec, type Route, route } from "../route";
import { idIn, inStudy } from "./params";

/** What both ways in share. */
const options = {
  as: z.enum(IMPORT_KINDS).optional().meta({ description: "take only this; by default all that the file holds" }),
  format: z.string().max(100).default("auto").meta({ description: "what the file is; found out by its first rows" }),
  problem_set: z.string().trim().max(200).optional().meta({ description: "set to fill; by default named after the file" }),
};

/** ?mapping={"attempt": {"column": "generated"}}. */
const mapping = z
  .string()
  .max(10_000)
  .transform((text, context) => {
    try {
      const parsed = mappingSchema.safeParse(parseValue(text));
      if (parsed.success) return parsed.data;
      for (const issue of parsed.error.issues) context.addIssue({ code: "custom", message: issue.message, path: issue.path });
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
    }
    return z.NEVER;
  })
  .optional()
  .meta({ description: 'which column each of our fields comes from, JSON: {"attempt": {"column": "generated"}, "model": {"value": "my-model"}}' });

const fileQuery = z.object({
  name: z.string().trim().min(1).max(200).default("upload.jsonl").meta({ description: "the file's name; its ending helps to tell what it is" }),
  ...options,
  mapping,
});

/** The file itself, of any size: it streams into the data folder. */
const file: BodySpec<ReceivedFile> = {
  media: { "application/octet-stream": null, "application/x-ndjson": null, "application/json": null, "text/csv": null, "application/vnd.apache.parquet": null },
  description: "The file's bytes, under any Content-Type: JSON lines, JSON, CSV, Parquet, Inspect logs, also gzip or zstd.",
  async receive(call) {
    const { name } = fileQuery.pick({ name: true }).parse({ name: call.url.searchParams.get("name") ?? undefined });
    const length = call.request.headers.get("content-length");
    const { home } = call.program;
    const received = await receiveFile(home, name, bytesOf(call.request), length === null ? undefined : Number(length));
    return { value: received, digest: received.digest, discard: () => dropFile(home, received) };
  },
};

const hubImport = hubSourceSchema.extend({ ...options, mapping: mappingSchema.default({}) }).strict();

const located = (study: string, run: string) => ({ location: `/api/v1/studies/${encodeURIComponent(study)}/imports/${run}` });

export const importRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/imports/preview",
    id: "previewFile",
    tag: "data",
    summary: "What an import of a file would take from it: format, mapping, first rows, what is wrong with them",
    description:
      "Nothing is written, and the file is let go of. Of a text file its first mebibyte will do (a row that it cuts off is told as a bad one); a Parquet file or an archive must be whole.",
    scope: "read",
    query: fileQuery,
    body: file,
    answer: importPreviewShape,
    async handle({ program, query, body }) {
      const { as, format, problem_set: problemSet, mapping } = query;
      try {
        const options = { as, format, problemSet, ...(mapping ? { mapping } : {}) };
        return { value: await previewOf({ home: program.home, hub: program.hub }, { upload: body.upload }, options) };
      } finally {
        await dropFile(program.home, body);
      }
    },
  }),
  route({
    method: "POST",
    path: "/imports/preview/hub",
    id: "previewFromHub",
    tag: "data",
    summary: "The same for a dataset of the Hugging Face hub, of which only the beginning is fetched",
    scope: "read",
    body: jsonBody(hubImport),
    answer: importPreviewShape,
    async handle({ program, body }) {
      const { dataset, config, split, as, format, problem_set: problemSet, mapping } = body;
      const options = { as, format, problemSet, mapping };
      return { value: await previewOf({ home: program.home, hub: program.hub }, { hub: { dataset, config, split } }, options) };
    },
  }),
  route({
    method: "POST",
    path: "/studies/{study}/imports",
    id: "importFile",
    tag: "data",
    summary: "Import a file: the body is the file, of any size",
    description:
      "Answers the run at once; a worker imports it. Ask `GET …/imports/{run}` until its state is done, failed or cancelled; `result` is the report. Importing the same file again changes nothing. The study is made when there is none of the name.",
    scope: "write",
    params: inStudy,
    query: fileQuery,
    body: file,
    status: 202,
    answer: runDetailShape,
    async handle({ program, path, query, body }) {
      const { as, format, problem_set: problemSet, mapping } = query;
      try {
        const run = await importInto({ ...program.deps, home: program.home, hub: program.hub }, path.study, { upload: body.upload }, { as, format, problemSet, ...(mapping ? { mapping } : {}) });
        return { value: run, headers: located(path.study, run.id) };
      } catch (error) {
        await dropFile(program.home, body);
        throw error;
      }
    },
  }),
  route({
    method: "POST",
    path: "/studies/{study}/imports/hub",
    id: "importFromHub",
    tag: "data",
    summary: "Import a dataset of the Hugging Face hub by its name",
    scope: "write",
    params: inStudy,
    body: jsonBody(hubImport),
    status: 202,
    answer: runDetailShape,
    async handle({ program, path, body }) {
      const { dataset, config, split, as, format, problem_set: problemSet, mapping } = body;
      const run = await importInto({ ...program.deps, home: program.home, hub: program.hub }, path.study, { hub: { dataset, config, split } }, { as, format, problemSet, mapping });
      return { value: run, headers: located(path.study, run.id) };
    },
  }),
  listRoute({
    path: "/studies/{study}/imports",
    id: "listImports",
    tag: "data",
    summary: "Imports that a worker ran or runs, oldest first",
    params: inStudy,
    filters: {},
    row: runShape,
    page: ({ program, path }, at) => listRuns(program.deps, path.study, { stage: "import", state: undefined, tasks: true }, at),
    after: (row) => row.id,
  }),
  route({
    method: "GET",
    path: "/studies/{study}/imports/{run}",
    id: "getImport",
    tag: "data",
    summary: "One import: its progress, and its report as `result`",
    scope: "read",
    params: idIn("run"),
    answer: runDetailShape,
    handle: async ({ program, path }) => ({ value: await getRun(program.deps, path.study, path.run, "import") }),
  }),
  route({
    method: "GET",
    path: "/studies/{study}/imports/{run}/report",
    id: "getImportReport",
    tag: "data",
    summary: "Every row that could not be used, and every verdict that the grader does not share",
    scope: "read",
    params: idIn("run"),
    also: [{ media: "application/x-ndjson", description: "one JSON object per line" }],
    async handle({ program, path }) {
      const report = await importReport({ pool: program.deps.pool, home: program.home }, path.study, path.run);
      return downloadAnswer(report, "application/x-ndjson");
    },
  }),
];
