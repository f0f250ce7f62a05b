"use client";
import { useId } from "react";
import { ATTEMPT_CHOICES, type PublishRequest } from "@/server/core/publishing/request";

const WORDS = {
  all: "all attempts",
  failed: "attempts with a wrong answer",
  "with-proposal": "attempts with an intervention",
  some: "a number, drawn from all",
} as const;
type Kind = keyof typeof WORDS;

/** What is published and how. */
export function PublishForm({ form, onChange }: { form: PublishRequest; onChange: (form: PublishRequest) => void }) {
  const kind: Kind = typeof form.attempts === "number" ? "some" : form.attempts;
  const pick = (next: Kind) => onChange({ ...form, attempts: next === "some" ? 200 : next });
  return (
    <div className="space-y-5">
      <fieldset>
        <legend className="mb-1 font-medium">Which attempts</legend>
        <div className="space-y-1">
          {[...ATTEMPT_CHOICES, "some" as const].map((choice) => (
            <label key={choice} className="flex items-center gap-2">
              <input type="radio" name="attempts" checked={kind === choice} onChange={() => pick(choice)} className="accent-ink" />
              {WORDS[choice]}
            </label>
          ))}
        </div>
        {typeof form.attempts === "number" && (
          <div className="mt-2 flex flex-wrap gap-x-6 gap-y-2 ps-6">
            <NumberField label="How many" least={1} value={form.attempts} onValue={(attempts) => onChange({ ...form, attempts })} />
            <NumberField label="Seed of the draw" least={0} value={form.seed} onValue={(seed) => onChange({ ...form, seed })} />
          </div>
        )}
      </fieldset>
      <fieldset className="space-y-1">
        <legend className="mb-1 font-medium">Names and people</legend>
        <Tick
          label="Anonymous"
          says="for review without names: no names of the study and its models, no notes, no times of day"
          on={form.anonymous}
          onChange={(anonymous) => onChange({ ...form, anonymous, names: anonymous ? false : form.names })}
        />
        <Tick
          label="With people’s decisions"
          says="notes and rewritten steps as they wrote them; people are “judge 1”, “judge 2”, …"
          on={form.decisions}
          onChange={(decisions) => onChange({ ...form, decisions, names: decisions ? form.names : false })}
        />
        {form.decisions && !form.anonymous && (
          <Tick label="Judges by name" says="ask them first" on={form.names} onChange={(names) => onChange({ ...form, names })} />
        )}
      </fieldset>
    </div>
  );
}

function Tick(props: { label: string; says: string; on: boolean; onChange: (on: boolean) => void }) {
  const id = useId();
  return (
    <div className="flex items-baseline gap-2">
      <input
        id={id}
        type="checkbox"
        checked={props.on}
        onChange={(e) => props.onChange(e.target.checked)}
        aria-describedby={`${id}-says`}
        className="relative top-0.5 accent-ink"
      />
      <div>
        <label htmlFor={id}>{props.label}</label>
        <p id={`${id}-says`} className="text-sm text-faint">
          {props.says}
        </p>
      </div>
    </div>
  );
}

function NumberField(props: { label: string; least: number; value: number; onValue: (value: number) => void }) {
  return (
    <label className="flex items-center gap-2 text-sm">
      <span className="text-faint">{props.label}</span>
      <input
        type="number"
        min={props.least}
        max={9_999_999}
        step={1}
        value={props.value}
        onChange={(e) => {
          const value = Number(e.target.value);
          if (Number.isInteger(value) && value >= props.least && value <= 9_999_999) props.onValue(value);
        }}
        className="h-8 w-28 rounded-sm border border-edge bg-raised px-2 text-ink"
      />
    </label>
  );
}
