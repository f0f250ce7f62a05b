import type pg from "pg";
import type { Field, Row } from "../../core/exporting/fields";
import type { AnyFormat } from "../../core/exporting/format";
import { findFormat } from "../../core/exporting/registry";
import { type ExportRequest, type ExportWish, exportRequestSchema, sourceOf } from "../../core/exporting/request";
import type { Shape, ShapeRows } from "../../core/exporting/shapes";
import { InterveneError } from "../../errors";
import { copyOut, countRows, type Query } from "../../store/exports/copy-out";
import {
  type ExportedDataset,
  findDataset,
  listDatasetNames,
  listQueueNames,
  servedModelsOf,
} from "../../store/exports/facts";
import type { Scope } from "../../store/exports/scope";
import { pairRows, problemRows, type Shaped, stepsRows, trainingRows } from "../../store/exports/shapes";
import { datasetQuery, tableQuery } from "../../store/exports/tables";
import type { Sql } from "../../store/views/sql";

/** A wish that was checked against the study: all that writing it takes. */
export interface Source {
  request: ExportRequest;
  format: AnyFormat;
  study: { id: string; name: string };
  scope: Scope;
  dataset: ExportedDataset | null;
  /** Of the data set, or the only one that can be meant; "" when there is none. */
  baseModel: string;
  /** The name by which the inference server knows it; "" when none does. */
  servedName: string;
}

/** @throws InterveneError("bad_input") that says what does not go together, and what does. */
export function parseWish(wish: ExportWish): ExportRequest {
  const parsed = exportRequestSchema.safeParse(wish);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.code !== "custom" && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw new InterveneError("bad_input", `${where}${issue?.message ?? "This export cannot be asked for."}`);
}

/**
 * Look up what a request names.
 *
 * @throws InterveneError("not_found") for a data set or queue that is not there; ("conflict") for one that is not ready;
 *   ("bad_input") where it holds nothing of what the format needs.
 */
export async function resolve(sql: Sql, study: { id: string; name: string }, request: ExportRequest): Promise<Source> {
  const format = findFormat(request.format);
  if (!format) throw new Error(`format ${request.format} was not checked`);
  const dataset = request.what.kind === "dataset" ? await datasetOf(sql, study, request.what.name) : null;
  if (dataset?.source === "hint" && format.shape === "training") {
    throw new InterveneError(
      "bad_input",
      `The data set “${dataset.name}” holds prompts for reinforcement learning, which have no completion to train on: write it as verl-rl, pipelinerl, jsonl or parquet.`,
    );
  }
  await checkQueues(sql, study, request);
  const model = await modelOf(sql, study, request, dataset);
  const scope: Scope = {
    studyId: study.id,
    filters: request.filters,
    names: request.names,
    openBlindQueues: request.openBlindQueues,
    ...(dataset ? { datasetId: dataset.id } : {}),
  };
  return { request, format, study, scope, dataset, baseModel: model.name, servedName: model.servedName };
}

async function datasetOf(sql: Sql, study: { id: string; name: string }, name: string): Promise<ExportedDataset> {
  const dataset = await findDataset(sql, study.id, name);
  if (!dataset) {
    const names = (await listDatasetNames(sql, study.id)).map((d) => `“${d.name}”`);
    const there = names.length > 0 ? `it has ${names.join(", ")}` : "it has none yet";
    throw new InterveneError("not_found", `The study “${study.name}” has no data set called “${name}”; ${there}.`);
  }
  if (dataset.state !== "ready") {
    const why = dataset.state === "failed" ? `could not be built: ${dataset.message}` : "is still being built";
    throw new InterveneError("conflict", `The data set “${name}” ${why}.`);
  }
  return dataset;
}

async function checkQueues(sql: Sql, study: { id: string; name: string }, request: ExportRequest): Promise<void> {
  const named = [...request.openBlindQueues, ...(request.filters.queue === undefined ? [] : [request.filters.queue])];
  if (named.length === 0) return;
  const queues = await listQueueNames(sql, study.id);
  const missing = named.find((name) => !queues.some((q) => q.name === name));
  if (missing !== undefined)
    throw new InterveneError("not_found", `The study “${study.name}” has no queue called “${missing}”.`);
}

async function modelOf(
  sql: Sql,
  study: { id: string; name: string },
  { filters }: ExportRequest,
  dataset: ExportedDataset | null,
): Promise<{ name: string; servedName: string }> {
  if (dataset) return { name: dataset.model, servedName: dataset.servedName };
  const served = await servedModelsOf(sql, study.id);
  const meant = filters.model === undefined ? served : served.filter((m) => m.name === filters.model);
  return meant.length === 1 && meant[0] ? meant[0] : { name: filters.model ?? "", servedName: "" };
}

/** The columns of what is written. */
export function fieldsOf(source: Source): readonly Field[] {
  return source.format.fields ?? queryOf(source).fields;
}

function queryOf({ request, scope }: Source): Query {
  return request.what.kind === "dataset" ? datasetQuery(scope) : tableQuery(request.what.table, scope);
}

/** What a source reads for each shape; the order of the database is kept. */
function shaped<S extends Shape>(source: Source, shape: S): Shaped<S> {
  const of: { [K in Shape]: () => Shaped<K> } = {
    columns: () => ({ query: queryOf(source), row: (row: Row) => row }),
    training: () => trainingRows(source.scope),
    problems: () => problemRows(source.scope, source.dataset?.source === "hint"),
    pairs: () => pairRows(source.scope),
    steps: () => stepsRows(source.scope),
  };
  return of[shape]();
}

export interface Reading<S extends Shape> {
  count: number;
  batches: AsyncGenerator<ShapeRows[S][]>;
}

/** Read a source's rows in batches, in the transaction of `client`. */
export async function read<S extends Shape>(
  client: pg.ClientBase,
  source: Source,
  shape: S,
  options: { raw?: boolean; limit?: number; signal?: AbortSignal } = {},
): Promise<Reading<S>> {
  const { query, row } = shaped(source, shape);
  const count = options.limit === undefined ? await countRows(client, query) : options.limit;
  async function* batches(): AsyncGenerator<ShapeRows[S][]> {
    for await (const rows of copyOut(client, query, options)) yield rows.map(row);
  }
  return { count, batches: batches() };
}

/** A short word for what a source is, for names: the table, or "dataset". */
export const kindOf = (source: Source) => sourceOf(source.request.what);
