import { emptyFunnel, losses, pour } from "../../core/datasets/funnel";
import { CANDIDATE_WORDS } from "../../core/datasets/sources";
import type { DatasetPreview } from "../../core/datasets/view";
import type { Sql } from "../../store/views/sql";
import { buildRows } from "./candidates";
import { type DatasetRequest, resolveDataset } from "./resolve";

/** A page waits no longer than this (ms); beyond it the counts are of the first candidates. */
const LONGEST = 1_500;

/** The counts that a data set would have: its own builder and filters, without writing a row. @throws as {@link resolveDataset}. */
export async function previewDataset(
  deps: { pool: Sql },
  study: { id: string; name: string },
  request: DatasetRequest,
  longest = LONGEST,
): Promise<DatasetPreview> {
  const { settings, scope } = await resolveDataset(deps.pool, study, request);
  const funnel = emptyFunnel();
  const end = performance.now() + longest;
  let complete = true;
  for await (const { built } of buildRows(deps.pool, scope, settings, null)) {
    for (const one of built) pour(funnel, one, settings);
    if (performance.now() > end) {
      complete = false;
      break;
    }
  }
  return {
    of: CANDIDATE_WORDS[settings.source],
    candidates: funnel.candidates,
    rows: funnel.rows,
    dropped: losses(funnel),
    complete,
    from: settings.from,
  };
}
