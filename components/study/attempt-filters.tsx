import type { AttemptQuery } from "@/server/core/views/attempts";

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
      <Choice
        label="Answer"
        value={props.filters.reward ?? ""}
        options={REWARDS}
        onChange={(v) => props.onChange({ ...props.filters, reward: v === "" ? undefined : v })}
      />
      {props.proposals && (
        <Choice
          label="Proposal"
          value={props.filters.proposal ?? ""}
          options={PROPOSALS}
          onChange={(v) => props.onChange({ ...props.filters, proposal: v === "" ? undefined : v })}
        />
      )}
    </div>
  );
}

/** A native select: the list of the platform, the keyboard of the platform. */
function Choice<V extends string>(props: {
  label: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
}) {
  return (
    <label className="flex items-center gap-2">
      <span className="text-faint">{props.label}</span>
      <select
        value={props.value}
        onChange={(e) => {
          const chosen = props.options.find(([v]) => v === e.target.value);
          if (chosen !== undefined) props.onChange(chosen[0]);
        }}
        className="h-8 rounded-sm border border-edge bg-raised px-2 text-ink"
      >
        {props.options.map(([v, words]) => (
          <option key={v} value={v}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
