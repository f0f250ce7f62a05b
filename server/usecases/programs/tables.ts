import { ARM_LABEL } from "../../core/arms";
import type { TableRowShape } from "../../core/programs/shapes";
import type { ProposalCounts } from "../../core/views/study";
import { InterveneError } from "../../errors";
import { listPipelines } from "../../store/views/studies";
import { type PageDeps, studyOf } from "../pages/find";
import { readOutcomes } from "../pages/outcomes";

export interface Table {
  study: string;
  /** null: the study has no recipe yet, and the table no rows. */
  pipelineId: string | null;
  rows: TableRowShape[];
  proposals: ProposalCounts | null;
}

/**
 * The conditioning table and the counts of proposals of one recipe: the newest of the study where none is named.
 * @throws InterveneError("not_found")
 */
export async function readTable(deps: PageDeps, study: string, pipeline: string | undefined): Promise<Table> {
  const { id, name } = await studyOf(deps, study);
  const all = (await listPipelines(deps.pool, [id])).get(id) ?? [];
  const chosen = pipeline === undefined ? all[0] : all.find((p) => p.id === pipeline);
  if (chosen === undefined) {
    if (pipeline !== undefined) throw new InterveneError("not_found", `The study “${name}” has no pipeline ${pipeline} with a table.`);
    return { study: name, pipelineId: null, rows: [], proposals: null };
  }
  const { arms, proposals } = await readOutcomes(deps, { pipeline: chosen.id });
  const rows = arms.map(({ arm, ...counts }) => ({ arm, conditioned_on: ARM_LABEL[arm], ...counts }));
  return { study: name, pipelineId: chosen.id, rows, proposals };
}
