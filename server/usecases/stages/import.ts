import { rm } from "node:fs/promises";
import { z } from "zod";
import { importSettingsSchema } from "../../core/importing/settings";
import type { ImportReport } from "../../core/importing/report";
import { parseEnv } from "../../env";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { type ImportPlace, importRows } from "../importing/import-file";
import { hubFolder, openSource } from "../importing/source";
import { removeUpload } from "../importing/uploads";
import { lockPlace } from "../../store/write/import-study";
import { aborted, wholeTask } from "./stage";

/** What is read back of a checkpoint: it was written by this very code, and only its outline is checked. */
const placeSchema = z.object({ row: z.number().int(), reportBytes: z.number().int(), report: z.looseObject({ rows: z.object({ read: z.number() }) }) });

class TakenOver extends Error {
  override readonly name = "TakenOver";
}

/** The import of an upload or of a dataset of the hub. After a crash it goes on after the last batch that was written. */
export const importFromFile = wholeTask(importSettingsSchema, async (ctx, task) => {
  const { home, item, settings, signal } = ctx;
  if (home === null) throw new InterveneError("bad_input", "This worker does not share the data folder of the pages, so it cannot read what was handed in.");
  const { hfEndpoint, hfToken } = parseEnv();
  const deps = { home, hub: { endpoint: hfEndpoint, token: hfToken } };
  const source = await openSource(deps, settings.source, {
    runId: item.runId,
    signal,
    onFetch: (message) => task.save({ message }),
  });
  const report = await importRows(
    {
      pool: ctx.pool,
      reports: homePaths(home).reports,
      signal,
      task: {
        id: item.runId,
        from: placeOf(item.checkpoint),
        hold: async (row, tx) => {
          if (((await lockPlace(tx, item.id)) ?? 0) !== row) throw new TakenOver(`another worker goes on with the import ${item.runId}`);
        },
        save: (place, share, tx) => task.save({ ...progress(place.report, share), checkpoint: place }, tx),
      },
    },
    { ...settings, ...source },
  ).catch(async (error: unknown) => {
    // A worker that was frozen for long finds its work taken over; the dispatcher tells it so within its heartbeat.
    if (error instanceof TakenOver) await aborted(signal, 30_000);
    signal.throwIfAborted();
    throw error;
  });
  await task.save({ done: report.rows.read, total: report.rows.read, message: "", result: report });
  if ("upload" in settings.source) await removeUpload(home, settings.source.upload);
  else await rm(hubFolder(home, item.runId), { recursive: true, force: true });
});

/** Rows read so far, and about how many there are. */
function progress(report: ImportReport, share: number) {
  const { read } = report.rows;
  return { done: read, total: share > 0 ? Math.max(read, Math.round(read / share)) : read, result: report };
}

function placeOf(checkpoint: unknown): ImportPlace | null {
  const parsed = placeSchema.safeParse(checkpoint);
  return parsed.success ? (checkpoint as ImportPlace) : null;
}
