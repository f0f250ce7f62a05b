import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { emptyFunnel, type Funnel, funnelSchema, pour } from "../../core/datasets/funnel";
import type { Row } from "../../core/datasets/rows";
import { datasetRunSchema, datasetSettingsSchema } from "../../core/datasets/settings";
import { InterveneError } from "../../errors";
import { countCandidates, type Place } from "../../store/read/dataset-candidates";
import { listStudyModels } from "../../store/read/dataset-scope";
import { inTransaction } from "../../store/transaction";
import { appendDatasetRows, failDataset, finishDataset, OtherBuilder, openDataset } from "../../store/write/datasets";
import { buildRows, CANDIDATE_KIND } from "../datasets/candidates";
import { makeManifest } from "../datasets/manifest";
import { scopeOfSettings } from "../datasets/resolve";
import { countTokens, type TokenRule, tokenRule } from "../datasets/tokens";
import { keepHeapSmall } from "../importing/heap";
import { type StageContext, type Task, wholeTask } from "./stage";

/** Where a build goes on: kept with every batch of rows, in their transaction. */
const checkpointSchema = z.object({
  /** Null before the first candidate. */
  place: z
    .object({
      problemId: z.string(),
      within: z
        .object({
          attemptSample: z.number(),
          attemptId: z.string(),
          reflectionSample: z.number(),
          reflectionId: z.string(),
        })
        .nullable(),
    })
    .nullable(),
  funnel: funnelSchema,
  tokens: z.object({ counted: z.boolean(), note: z.string() }),
});

/** Rows of a batch are written when they are so many characters (two to four bytes each in memory) or so old. */
const BATCH = { characters: 500_000, ms: 300 };

/** Builds a data set: streams its candidates through its source's builder, writes rows, then says what it is. */
export const buildDataset = wholeTask(datasetRunSchema, async (ctx, task) => {
  const { datasetId } = ctx.settings;
  const open = await openDataset(ctx.pool, datasetId);
  // Ready: this worker or another one was killed between its last commit and the end of the item. Gone: removed.
  if (!open) return;
  const givesBack = keepHeapSmall();
  try {
    await build(ctx, task, { ...open, id: datasetId });
  } catch (error) {
    if (error instanceof OtherBuilder) {
      // The queue took this job away, and its heartbeat will say so; until then, nothing is to be called failed.
      await sleep(60_000, undefined, { signal: ctx.signal });
    }
    ctx.signal.throwIfAborted();
    if (error instanceof InterveneError && error.kind !== "unavailable")
      await failDataset(ctx.pool, datasetId, error.message);
    throw error;
  } finally {
    givesBack();
  }
});

interface Open {
  id: string;
  name: string;
  study: string;
  settings: unknown;
}

async function build(ctx: StageContext<{ datasetId: string }>, task: Task, open: Open): Promise<void> {
  const { pool, item } = ctx;
  const settings = datasetSettingsSchema.parse(open.settings);
  const study = { id: item.studyId, name: open.study };
  const scope = await scopeOfSettings(pool, study, settings, item.modelId);
  const saved = item.checkpoint === null ? null : checkpointSchema.parse(item.checkpoint);
  const funnel: Funnel = saved?.funnel ?? emptyFunnel();
  const tokens: TokenRule = saved?.tokens ?? (await tokenRule(ctx));
  const total = await countCandidates(pool, CANDIDATE_KIND[settings.source], scope);

  let rows: Row[] = [];
  let first = funnel.rows;
  let place: Place | null = saved?.place ?? null;
  let since = performance.now();
  const write = async () => {
    const counts = await countTokens(
      ctx,
      tokens,
      rows.map((r) => r.completion),
    );
    const batch = rows.map((row, i) => ({ ...row, tokens: counts[i] ?? 0 }));
    await appendDatasetRows(pool, open.id, first, batch, (tx) =>
      task.save({ done: funnel.candidates, total: Math.max(total, funnel.candidates), checkpoint: { place, funnel, tokens } }, tx),
    );
    first += rows.length;
    rows = [];
    since = performance.now();
  };
  for await (const chunk of buildRows(pool, scope, settings, place)) {
    ctx.signal.throwIfAborted();
    for (const one of chunk.built) {
      const row = pour(funnel, one, settings);
      if (row) rows.push(row);
    }
    place = chunk.place;
    const characters = rows.reduce((sum, r) => sum + r.prompt.length + r.completion.length, 0);
    if (characters >= BATCH.characters || performance.now() - since >= BATCH.ms) await write();
  }
  await write();

  const base = (await listStudyModels(pool, study.id)).find((m) => m.id === item.modelId);
  const manifest = await makeManifest(
    pool,
    {
      id: open.id,
      name: open.name,
      study: open.study,
      base: base ? { id: base.id, name: base.name, servedName: base.servedName } : null,
      settings,
      funnel,
      tokens,
    },
    ctx.signal,
  );
  await inTransaction(pool, async (tx) => {
    await finishDataset(tx, open.id, manifest);
    const { candidates, rows: made, dropped } = manifest.counts;
    await task.save(
      {
        done: candidates,
        total: candidates,
        result: { dataset: open.name, candidates, rows: made, dropped, digest: manifest.digest.value },
      },
      tx,
    );
  });
}
