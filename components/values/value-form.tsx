"use client";
import { useState } from "react";
import { firstPoints, mostPoints, type ValuePlan } from "@/server/core/branching/values";
import { Choice, NumberField } from "../branching/fields";
import { Button } from "../ui/button";
import { count, plural } from "../ui/format";
import { Message } from "../ui/message";
import { LabelledSelect } from "../ui/select";

export interface ChosenValues {
  plan: ValuePlan;
  every: number;
  samples: number;
  model?: string;
}

/** Which steps to value, and with how many continuations each. */
export function ValueForm(props: {
  steps: number;
  models: readonly string[];
  model: string;
  busy: boolean;
  error: string | null;
  onStart: (chosen: ChosenValues) => void;
}) {
  const { steps } = props;
  const [plan, setPlan] = useState<ValuePlan>(steps > 40 ? "bisect" : "all");
  const [every, setEvery] = useState(Math.max(2, Math.ceil(steps / 20)));
  const [samples, setSamples] = useState(16);
  const [model, setModel] = useState(props.model);
  const points = plan === "bisect" ? mostPoints(steps, plan) : firstPoints(steps, plan, every).length;
  return (
    <form
      aria-label="Sample step values"
      className="space-y-3 text-sm"
      onSubmit={(e) => {
        e.preventDefault();
        props.onStart({ plan, every, samples, ...(model === props.model ? {} : { model }) });
      }}
    >
      <Choice
        label="Which steps"
        value={plan}
        options={[
          ["all", "Every step"],
          ["every", "Each k-th"],
          ["bisect", "Around the largest drop"],
        ]}
        onValue={setPlan}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {plan === "every" && <NumberField label="k" value={every} min={2} max={10_000} onValue={setEvery} />}
        <NumberField label="Continuations each" value={samples} min={1} max={64} onValue={setSamples} />
        {props.models.length > 1 && <LabelledSelect label="Model" value={model} options={props.models} onChange={setModel} />}
      </div>
      {props.error !== null && <Message tone="error">{props.error}</Message>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Button type="submit" disabled={props.busy}>
          {props.busy ? "Asking…" : "Sample values"}
        </Button>
        <span className="text-faint">
          {plan === "bisect" ? "at most " : ""}
          {plural(points, "point")}, {count(points * samples)} samples
        </span>
      </div>
    </form>
  );
}
