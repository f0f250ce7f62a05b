import { useId } from "react";
import type { DatasetOptions } from "@/server/core/datasets/settings";
import { FROM_ATTEMPTS, SOURCE_LABEL, SOURCE_SAYS, SOURCES } from "@/server/core/datasets/sources";
import type { DatasetChoices } from "@/server/core/datasets/view";
import { CheckField, FieldGroup, NumberField, SelectField } from "../ui/fields";
import { plural } from "../ui/format";

/** The options of a new data set: its source, whose rows, filters and ablations. */
export function DatasetForm(props: {
  options: DatasetOptions;
  base: string;
  choices: DatasetChoices;
  onChange: (change: Partial<DatasetOptions>) => void;
  onBase: (base: string) => void;
}) {
  const { options: o, choices, onChange } = props;
  return (
    <div className="space-y-6">
      <SourceField value={o.source} onChange={(source) => onChange({ source })} />
      <FieldGroup title="Which rows">
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label="Problems"
            value={o.problemSet ?? ""}
            options={[["", "all of the study"], ...choices.problemSets.map((s) => [s, s] as const)]}
            onChange={(v) => onChange({ problemSet: v === "" ? null : v })}
          />
          {choices.models.length > 1 && (
            <SelectField
              label="Base model"
              value={props.base}
              options={[
                ["", choices.models.find((m) => m.isBase)?.name ?? "choose one"],
                ...choices.models.filter((m) => !m.isBase).map((m) => [m.name, m.name] as const),
              ]}
              onChange={props.onBase}
              hint="The model that will be trained."
            />
          )}
          {choices.ready.length > 0 && (
            <SelectField
              label="On the problems of"
              value={o.matching ?? ""}
              options={[["", "no other data set"], ...choices.ready.map((d) => [d, d] as const)]}
              onChange={(v) => onChange({ matching: v === "" ? null : v })}
              hint="Sources compare fairly on equal problems."
            />
          )}
          <NumberField
            label="Rows of a problem, at most"
            value={o.perProblem}
            min={0}
            max={1_000_000}
            step={1}
            onChange={(perProblem) => onChange({ perProblem: Math.round(perProblem) })}
            hint="0: as many as there are."
          />
        </div>
        {FROM_ATTEMPTS.has(o.source) && choices.models.filter((m) => m.attempts > 0).length > 1 && (
          <FromField value={o.from} choices={choices} onChange={(from) => onChange({ from })} />
        )}
      </FieldGroup>
      <SourceOptions options={o} onChange={onChange} />
    </div>
  );
}

function SourceField(props: { value: DatasetOptions["source"]; onChange: (source: DatasetOptions["source"]) => void }) {
  const id = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium text-soft">Source</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {SOURCES.map((source) => (
          <label key={source} className="flex min-h-8 items-center gap-2">
            <input
              type="radio"
              name={id}
              value={source}
              checked={props.value === source}
              onChange={() => props.onChange(source)}
              className="size-4 accent-ink"
            />
            {SOURCE_LABEL[source]}
          </label>
        ))}
      </div>
      <p className="mt-1 max-w-prose text-sm text-soft">{SOURCE_SAYS[props.value]}</p>
    </fieldset>
  );
}

function FromField(props: { value: readonly string[]; choices: DatasetChoices; onChange: (from: string[]) => void }) {
  return (
    <fieldset>
      <legend className="text-sm text-soft">Attempts by</legend>
      <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
        {props.choices.models
          .filter((m) => m.attempts > 0)
          .map((m) => (
            <CheckField
              key={m.name}
              label={`${m.name} (${plural(m.attempts, "attempt")})`}
              checked={props.value.includes(m.name)}
              onChange={(on) =>
                props.onChange(on ? [...props.value, m.name] : props.value.filter((name) => name !== m.name))
              }
            />
          ))}
      </div>
      <p className="mt-0.5 text-sm text-faint">None ticked: the base model's own, or for R1 those of all other models.</p>
    </fieldset>
  );
}

function SourceOptions({
  options: o,
  onChange,
}: {
  options: DatasetOptions;
  onChange: (change: Partial<DatasetOptions>) => void;
}) {
  switch (o.source) {
    case "int":
      return (
        <>
          <FieldGroup title="Filters">
            <div className="grid gap-4 sm:grid-cols-2">
              <SelectField
                label="Interventions that give the answer away"
                value={o.leak}
                options={[
                  ["equivalence", "drop: they state an equal value"],
                  ["substring", "drop: they hold the answer's characters"],
                  ["none", "keep"],
                ]}
                onChange={(leak) => onChange({ leak })}
                hint="The second is the paper's plain rule, which also drops every mention of a 1 when the answer is 1."
              />
              <SelectField
                label="People's decisions"
                value={o.decisions}
                options={[
                  ["win", "win over the model's"],
                  ["only", "are the only ones taken"],
                  ["ignore", "are ignored"],
                ]}
                onChange={(decisions) => onChange({ decisions })}
                hint="Accepted and rewritten interventions are rows; rejected ones and those judges differ about are not."
              />
            </div>
          </FieldGroup>
          <FieldGroup title="Ablations">
            <div className="grid gap-3 sm:grid-cols-2">
              <CheckField
                label="Unfiltered"
                checked={o.unfiltered}
                onChange={(unfiltered) => onChange({ unfiltered })}
                hint="Every chosen intervention, also those that no continuation succeeded from."
              />
              <CheckField
                label="Without the prefix"
                checked={o.withoutPrefix}
                onChange={(withoutPrefix) => onChange({ withoutPrefix })}
                hint="The intervention alone."
              />
              <CheckField
                label="With a suffix"
                checked={o.withSuffix}
                onChange={(withSuffix) => onChange({ withSuffix })}
                hint="And the first right continuation after it, by sample; the answer then ends."
              />
            </div>
          </FieldGroup>
        </>
      );
    case "r1_think":
    case "r1_summary":
    case "self_reflection":
      return (
        <FieldGroup title="Filters">
          <div className="grid gap-4 sm:grid-cols-2">
            <CheckField
              label="Only right answers"
              checked={o.onlyRight}
              onChange={(onlyRight) => onChange({ onlyRight })}
            />
            {o.source === "self_reflection" && (
              <NumberField
                label="Rewritings of an attempt, at most"
                value={o.perAttempt}
                min={0}
                max={1000}
                step={1}
                onChange={(perAttempt) => onChange({ perAttempt: Math.round(perAttempt) })}
                hint="The first by sample; 0: as many as there are."
              />
            )}
          </div>
        </FieldGroup>
      );
    case "hint":
      return (
        <FieldGroup title="Hints">
          <div className="grid gap-4 sm:grid-cols-3">
            <NumberField
              label="Share of the reference"
              value={o.hintShare}
              min={0}
              max={1}
              step={0.05}
              onChange={(hintShare) => onChange({ hintShare })}
              hint="Leading steps, whole ones; the last only at 1."
            />
            <NumberField
              label="Share of prompts with a hint"
              value={o.hintMix}
              min={0}
              max={1}
              step={0.05}
              onChange={(hintMix) => onChange({ hintMix })}
              hint="The others are bare problems."
            />
            <NumberField
              label="Seed"
              value={o.seed}
              min={0}
              max={2_147_483_647}
              step={1}
              onChange={(seed) => onChange({ seed: Math.round(seed) })}
              hint="Draws which prompts carry one."
            />
          </div>
        </FieldGroup>
      );
    case "reference":
      return null;
  }
}
