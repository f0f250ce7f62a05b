import type { ReactNode } from "react";
import type { ChainView, TrainingView } from "@/server/core/views/training";
import { count, moment } from "../ui/format";
import { Failure } from "./failure";
import { StateWord } from "../ui/state-word";

const RECIPE: Record<string, string> = {
  evaluate: "Evaluation",
  sft: "SFT",
  rl: "RL",
  "hint-rl": "Hint-guided RL",
  "sft-rl": "SFT, then RL",
};

const STAGE: Record<string, string> = { sft: "SFT", rl: "RL (GRPO)", rollout: "Samples", grade: "Grades" };

const LAUNCHER: Record<string, string> = { slurm: "on Slurm", ray: "on Ray" };

/** What trained it and where, unless it is what trains here by itself. */
function placeOf({ trainer, launcher, loraRank }: TrainingView): string {
  const with_ = loraRank === null ? "" : `LoRA of rank ${loraRank} `;
  return [trainer === "trl" ? `${with_}by TRL` : "", LAUNCHER[launcher] ?? ""].filter((words) => words !== "").join(" ");
}

/** Every chain with its stages, newest first. `action`: what can be done with it; `shown`: whether its curves are drawn. */
export function Chains(props: {
  chains: readonly ChainView[];
  action: (chain: ChainView) => ReactNode;
  toggle: (trainingId: string) => ReactNode;
}) {
  return (
    <ol className="divide-y divide-rule border-t border-ink" aria-label="Trainings and evaluations">
      {props.chains.map((chain) => (
        <li key={chain.pipelineId} className="py-4" data-chain={chain.recipe}>
          <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
            <p>
              <b className="font-semibold">{RECIPE[chain.recipe] ?? chain.recipe}</b>
              <span className="ms-3 text-sm text-faint">{moment(chain.createdAt)}</span>
            </p>
            <div className="flex items-baseline gap-4">
              <StateWord state={chain.state} />
              {props.action(chain)}
            </div>
          </div>
          <ol className="mt-2 space-y-2">
            {chain.runs
              .filter((run) => run.stage !== "grade" || run.state === "failed")
              .map((run) => (
                <li key={run.runId} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 text-sm sm:grid-cols-[8rem_minmax(0,1fr)_auto]" data-stage={run.stage}>
                  <span className="text-soft">{STAGE[run.stage] ?? run.stage}</span>
                  <div className="col-span-2 row-start-2 min-w-0 sm:col-span-1 sm:row-start-auto">
                    {run.training === null ? (
                      <>
                        {run.model === null ? "what is trained" : <b className="font-medium">{run.model}</b>} on {run.problemSet}
                      </>
                    ) : (
                      <>
                        {run.training.dataset ?? run.training.problemSet ?? "what is gone"}
                        {run.training.model !== null && (
                          <>
                            {" → "}
                            <b className="font-medium">{run.training.model}</b>
                          </>
                        )}
                        {placeOf(run.training) !== "" && <span className="text-faint"> {placeOf(run.training)}.</span>}
                        {run.training.note !== "" && <span className="text-faint"> {run.training.note}</span>} {props.toggle(run.training.id)}
                      </>
                    )}
                    {run.message !== "" && run.state !== "failed" && <span className="block text-uncertainty">{run.message}</span>}
                    {run.message !== "" && run.state === "failed" && <Failure message={run.message} spec={run.training?.spec ?? null} />}
                  </div>
                  <span className="text-end whitespace-nowrap">
                    {run.total > 0 ? `${count(run.done)} / ${count(run.total)}` : <span className="text-faint">{run.state === "queued" ? "waits" : run.state}</span>}
                  </span>
                </li>
              ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}
