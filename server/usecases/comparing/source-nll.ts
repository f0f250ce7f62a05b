import { byPart, type NllMeans, type ProblemNll } from "../../core/comparing/nll";
import type { RowPart } from "../../core/scoring/row-parts";
import { compute } from "../statistics/compute";

/**
 * Means with intervals of each part of one data set. The same rows are the same task wherever they are asked for: the page's table
 * and its scatter share what is computed.
 */
export function sourceNll(rows: readonly (ProblemNll & { datasetId: string })[], datasetId: string): Promise<{ part: RowPart; means: NllMeans }[]> {
  const mine = rows.flatMap(({ datasetId: of, ...sums }) => (of === datasetId ? [sums] : []));
  return Promise.all(byPart(mine).map(async ({ part, problems }) => ({ part, means: await compute("nllMeans", problems) })));
}
