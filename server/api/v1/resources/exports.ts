import { z } from "zod";
import { exportRequestSchema } from "../../../core/exporting/request";
import { runDetailShape, runShape } from "../../../core/programs/shapes";
import { exportFile, exportFrom } from "../../../usecases/programs/exports";
import { getRun, listRuns } from "../../../usecases/programs/runs";
import { jsonBody } from "../body";
import { downloadAnswer } from "../download";
import { listRoute } from "../paging";
import { type Route, route } from "../route";
import { idIn, inStudy } from "./params";

/** What goes together with what is checked by the export itself, for every way in. */
const newExport = z.strictObject({
  ...exportRequestSchema.shape,
  push: z
    .strictObject({
      repo: z.string().max(300),
      private: z.boolean().optional(),
      token: z.string().max(500).optional().meta({ description: "for this push alone; without it, the worker's HF_TOKEN" }),
    })
    .optional()
    .meta({ description: "push it to the Hugging Face hub once it is written" }),
});

const MEDIA: Record<string, string> = {
  ".jsonl": "application/x-ndjson",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
};

export const exportRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/studies/{study}/exports",
    id: "startExport",
    tag: "data",
    summary: "Write a data set or a table in a trainer's format",
    description:
      "Answers the run at once; a worker writes it. Ask `GET …/exports/{run}` until its state is done, failed or cancelled; `result.files` names what can be downloaded, `result.load` is the line that reads it.",
    scope: "write",
    params: inStudy,
    body: jsonBody(newExport),
    status: 202,
    answer: runDetailShape,
    async handle({ program, path, body }) {
      const { push, file, ...wish } = body;
      const { pool, queue } = program.deps;
      const run = await exportFrom(
        { pool, queue, home: program.home },
        {
          study: path.study,
          ...wish,
          ...(file ? { file } : {}),
          ...(push ? { push: { repo: push.repo, ...(push.private === undefined ? {} : { private: push.private }), ...(push.token === undefined ? {} : { token: push.token }) } } : {}),
        },
      );
      return { value: run, headers: { location: `/api/v1/studies/${encodeURIComponent(path.study)}/exports/${run.id}` } };
    },
  }),
  listRoute({
    path: "/studies/{study}/exports",
    id: "listExports",
    tag: "data",
    summary: "Exports, oldest first",
    params: inStudy,
    filters: {},
    row: runShape,
    page: ({ program, path }, at) => listRuns(program.deps, path.study, { stage: "export", state: undefined }, at),
    after: (row) => row.id,
  }),
  route({
    method: "GET",
    path: "/studies/{study}/exports/{run}",
    id: "getExport",
    tag: "data",
    summary: "One export: its progress, and its files and manifest as `result`",
    scope: "read",
    params: idIn("run"),
    answer: runDetailShape,
    handle: async ({ program, path }) => ({ value: await getRun(program.deps, path.study, path.run, "export") }),
  }),
  route({
    method: "GET",
    path: "/studies/{study}/exports/{run}/files/{file}",
    id: "getExportFile",
    tag: "data",
    summary: "One of its files",
    scope: "read",
    params: idIn("run").extend({ file: z.string().max(255) }),
    also: [
      { media: "application/octet-stream", description: "Parquet" },
      { media: "application/x-ndjson", description: "JSON lines" },
      { media: "application/json", description: "manifest.json and the like" },
      { media: "text/markdown", description: "README.md, the data set's card" },
    ],
    async handle({ program, path }) {
      const file = await exportFile({ pool: program.deps.pool, home: program.home }, path.study, path.run, path.file);
      const ending = /\.\w+$/.exec(file.name)?.[0] ?? "";
      return downloadAnswer(file, MEDIA[ending] ?? "application/octet-stream");
    },
  }),
];
