"use client";
import { ATTEMPT_CHOICES, type PublishRequest } from "@/server/core/publishing/request";
import { CheckField } from "../ui/fields";
import { FIELD } from "../ui/select";

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
        <CheckField
          label="Anonymous"
          hint="for review without names: no names of the study and its models, no notes, no times of day"
          checked={form.anonymous}
          onChange={(anonymous) => onChange({ ...form, anonymous, names: anonymous ? false : form.names })}
        />
        <CheckField
          label="With people’s decisions"
          hint="notes and rewritten steps as they wrote them; people are “judge 1”, “judge 2”, …"
          checked={form.decisions}
          onChange={(decisions) => onChange({ ...form, decisions, names: decisions ? form.names : false })}
        />
        {form.decisions && !form.anonymous && (
          <CheckField label="Judges by name" hint="ask them first" checked={form.names} onChange={(names) => onChange({ ...form, names })} />
        )}
      </fieldset>
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
        className={`${FIELD} w-28`}
      />
    </label>
  );
}
