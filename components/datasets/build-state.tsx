import type { DatasetCard } from "@/server/core/datasets/view";
import { count } from "../ui/format";
import { StateWord } from "../ui/state-word";

/** How far a data set is, in a word, with its progress while it is built. */
export function BuildState({ dataset }: { dataset: Pick<DatasetCard, "state" | "build"> }) {
  const { state, build } = dataset;
  if (state === "ready") return <StateWord state="done" word="ready" />;
  if (state !== "building") return <StateWord state={state} />;
  const waiting = build?.state === "queued" || build?.state === "paused";
  return (
    <span className="inline-flex items-baseline gap-2">
      <StateWord state={waiting ? (build?.state ?? "queued") : "running"} word={waiting ? build?.state : "building"} />
      {build !== null && build.total > 0 && (
        <span className="text-sm whitespace-nowrap text-faint">
          {count(build.done)} / {count(build.total)}
        </span>
      )}
    </span>
  );
}
