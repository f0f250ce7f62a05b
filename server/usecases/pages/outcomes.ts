import { ARMS } from "../../core/arms";
import { armTable } from "../../core/statistics/armTable";
import type { ArmView, ProposalCounts } from "../../core/views/study";
import { armProblemRows, proposalCounts } from "../../store/views/outcomes";
import type { PageDeps } from "./find";

export interface Outcomes {
  /** Arms that have samples, in the order of the conditioning table. */
  arms: ArmView[];
  proposals: ProposalCounts;
}

/** The conditioning table of a pipeline and what became of its verifications. */
export async function readOutcomes(deps: PageDeps, input: { pipeline: string }): Promise<Outcomes> {
  const [rows, proposals] = await Promise.all([
    armProblemRows(deps.pool, input.pipeline),
    proposalCounts(deps.pool, input.pipeline),
  ]);
  const arms = ARMS.flatMap((arm) => {
    const mine = rows.filter((r) => r.arm === arm);
    if (mine.length === 0) return [];
    // The page asks for this every second while a run is live: bound the bootstrap's work (10,000 problems: 400 resamples).
    const resamples = Math.round(Math.min(2000, Math.max(200, 4e6 / mine.length)));
    return [{ arm, ...armTable(mine, { resamples }) }];
  });
  return { arms, proposals };
}
