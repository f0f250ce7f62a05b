import type { AttemptQuery } from "@/server/core/views/attempts";
import { LabelledSelect } from "../ui/select";

type Filters = Pick<AttemptQuery, "reward" | "proposal">;

const REWARDS = [
  ["", "any answer"],
  ["wrong", "wrong"],
  ["right", "right"],
  ["ungraded", "not graded"],
] as const;

const PROPOSALS = [
  ["", "any proposal"],
  ["chosen", "chosen"],
  ["kept", "kept"],
  ["dropped", "dropped"],
  ["none", "none"],
] as const;

/** The filters of the attempts table. */
export function AttemptFilters(props: { filters: Filters; proposals: boolean; onChange: (filters: Filters) => void }) {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-2 text-sm" role="group" aria-label="Filter the attempts">
      <LabelledSelect
        label="Answer"
        value={props.filters.reward ?? ""}
        options={REWARDS}
        onChange={(v) => props.onChange({ ...props.filters, reward: v === "" ? undefined : v })}
      />
      {props.proposals && (
        <LabelledSelect
          label="Proposal"
          value={props.filters.proposal ?? ""}
          options={PROPOSALS}
          onChange={(v) => props.onChange({ ...props.filters, proposal: v === "" ? undefined : v })}
        />
      )}
    </div>
  );
}
