"use client";
import { useDeferredValue, useId, useState } from "react";
import type { BranchKind } from "@/server/core/branching/point";
import type { BranchDefaults } from "@/server/core/views/branches";
import { Button } from "../ui/button";
import { Disclosure } from "../ui/disclosure";
import { plural } from "../ui/format";
import { Message } from "../ui/message";
import { LabelledSelect } from "../ui/select";
import { Choice, NumberField } from "./fields";
import { StepEditor } from "./step-editor";

/** Where the branch leaves the attempt. */
export interface BranchPlace {
  kind: BranchKind;
  /** continue: 0 to the last step · replace: 1 to the last step. */
  step: number;
}

/** What a person has chosen. */
export interface Chosen extends BranchPlace {
  content: string;
  samples: number;
  seed: number;
  temperature: number;
  topP: number;
  maxTokens: number;
  model?: string;
}

/** Sample from a step of an attempt: from there on, or with something else in its place. */
export function BranchForm(props: {
  steps: readonly string[];
  /** The problem's answer, which a replacement should not give away. */
  answer: string;
  place: BranchPlace;
  onPlace: (place: BranchPlace) => void;
  defaults: BranchDefaults;
  /** Under whose name it is kept; null: anonymous. */
  author: string | null;
  busy: boolean;
  error: string | null;
  onStart: (chosen: Chosen) => void;
}) {
  const { steps, place, defaults, onPlace } = props;
  const { sampling } = defaults;
  const [samples, setSamples] = useState(defaults.samples);
  const [seed, setSeed] = useState(defaults.seed);
  const [temperature, setTemperature] = useState(sampling.temperature);
  const [topP, setTopP] = useState(sampling.topP);
  const [maxTokens, setMaxTokens] = useState(sampling.maxTokens);
  const [model, setModel] = useState(defaults.model ?? "");
  // What was written for one step waits there while another one is looked at.
  const [drafts, setDrafts] = useState<Readonly<Record<number, string>>>({});
  const content = drafts[place.step] ?? steps[place.step - 1] ?? "";
  const shown = useDeferredValue(content);
  const first = place.kind === "replace" ? 1 : 0;
  const id = useId();

  if (defaults.model === null)
    return (
      <Message tone="uncertainty">
        This study has no model that a server serves, so nothing can be sampled here. Start a run on it with --model
        first.
      </Message>
    );
  const unchanged = place.kind === "replace" && content.trim() === (steps[place.step - 1] ?? "").trim();
  return (
    <form
      aria-label="New branch"
      className="space-y-3 text-sm"
      onSubmit={(e) => {
        e.preventDefault();
        props.onStart({
          ...place,
          content: place.kind === "replace" ? content : "",
          samples,
          seed,
          temperature,
          topP,
          maxTokens,
          ...(model === defaults.model ? {} : { model }),
        });
      }}
    >
      <Choice
        label="What to do at the step"
        value={place.kind}
        options={[
          ["continue", "Continue after"],
          ["replace", "Replace"],
        ]}
        onValue={(kind) => onPlace({ kind, step: Math.max(place.step, kind === "replace" ? 1 : 0) })}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <NumberField
          label="step"
          value={place.step}
          min={first}
          max={steps.length}
          onValue={(step) => onPlace({ ...place, step })}
        />
        <span className="text-faint">
          of {steps.length}
          {place.kind === "continue" && place.step === 0 && ": from the bare problem"}
        </span>
      </div>
      {place.kind === "replace" && (
        <StepEditor
          step={place.step}
          content={content}
          shown={shown}
          answer={props.answer}
          unchanged={unchanged}
          onContent={(text) => setDrafts({ ...drafts, [place.step]: text })}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <NumberField label="Samples" value={samples} min={1} max={64} onValue={setSamples} />
        <NumberField label="Temperature" value={temperature} min={0} max={5} step={0.05} onValue={setTemperature} />
        <NumberField label="Seed" value={seed} min={0} max={2_147_483_647} wide onValue={setSeed} />
      </div>
      <Disclosure title="More settings">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <NumberField label="Top p" value={topP} min={0.01} max={1} step={0.01} onValue={setTopP} />
          <NumberField label="Most tokens" value={maxTokens} min={1} max={1_000_000} wide onValue={setMaxTokens} />
          <LabelledSelect label="Model" value={model} options={defaults.models.map((m) => m.name)} onChange={setModel} />
          <span className="text-faint">
            top k {sampling.topK === 0 ? "off" : sampling.topK}, min p {sampling.minP}
          </span>
        </div>
      </Disclosure>
      {props.error !== null && <Message tone="error">{props.error}</Message>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Button type="submit" disabled={props.busy} aria-describedby={`${id}-author`}>
          {props.busy ? "Asking…" : `Sample ${plural(samples, "continuation")}`}
        </Button>
        <span id={`${id}-author`} className="text-faint">
          Kept apart from the run’s own rows, as {props.author ?? "anonymous"}.
        </span>
      </div>
    </form>
  );
}
