"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { HoldOutField } from "@/components/training/hold-out-field";
import { asked, missingThere, OWN_PLACE, PlaceFields } from "@/components/training/place-fields";
import { Button } from "@/components/ui/button";
import { CheckField, NumberField, SelectField } from "@/components/ui/fields";
import { plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { evaluationSamples, labRl, labSft, loraRate, paperRl, paperSft } from "@/server/core/training/defaults";

const RECIPES = [
  ["evaluate", "evaluation alone"],
  ["sft", "SFT on a data set"],
  ["rl", "RL (GRPO)"],
  ["hint-rl", "hint-guided RL"],
  ["sft-rl", "SFT, then RL"],
] as const;
type Recipe = (typeof RECIPES)[number][0];

/** The peak of a learning rate; the recipe's own stands there until it is changed. */
function RateField({ own, value, ...field }: { label: string; own: number; value: number | null; onChange: (rate: number) => void }) {
  return <NumberField key={own} {...field} value={value ?? own} min={1e-9} max={1} step="any" hint={`Peak; ${own.toExponential()} by default.`} />;
}

/** Start a chain. Batch sizes and sampling are the recipe's own. */
export function NewTraining({ study }: { study: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const choices = useQuery(trpc.trainings.choices.queryOptions({ study }));
  const start = useMutation(
    trpc.trainings.start.mutationOptions({ onSettled: () => queries.invalidateQueries({ queryKey: trpc.trainings.pathKey() }) }),
  );
  const [recipe, setRecipe] = useState<Recipe>("evaluate");
  const [model, setModel] = useState<string | null>(null);
  const [dataset, setDataset] = useState<string | null>(null);
  const [problemSet, setProblemSet] = useState<string | null>(null);
  const [evaluate, setEvaluate] = useState<string[] | null>(null);
  const [place, setPlace] = useState(OWN_PLACE);
  const [seed, setSeed] = useState(1);
  const [steps, setSteps] = useState<number | null>(null);
  const [epochs, setEpochs] = useState<number | null>(null);
  const [holdOut, setHoldOut] = useState(0);
  const [samples, setSamples] = useState<number | null>(null);
  const [sftRate, setSftRate] = useState<number | null>(null);
  const [rlRate, setRlRate] = useState<number | null>(null);
  if (choices.data === undefined) return choices.error ? <Message tone="error">{choices.error.message}</Message> : null;
  const { models, datasets, problemSets, trlMissing } = choices.data;
  const served = models.filter((m) => m.served);
  const ready = datasets.filter((d) => d.state !== "failed" && d.source !== "hint");
  const [sft, rl] = [recipe === "sft" || recipe === "sft-rl", recipe !== "sft" && recipe !== "evaluate"];
  const chosen = {
    model: model ?? served[0]?.name,
    dataset: dataset ?? ready[0]?.name,
    problemSet: problemSet ?? problemSets[0]?.name,
    evaluate: evaluate ?? problemSets.slice(-1).map((s) => s.name),
  };
  const lab = served.find((m) => m.name === chosen.model)?.lab ?? false;
  const own = { sft: lab ? labSft() : paperSft(), rl: lab ? labRl() : paperRl() };
  const rateOf = (of: { optimizer: { learningRate: number } }) => (place.loraRank === null ? of.optimizer.learningRate : loraRate(of.optimizer.learningRate));
  // The recipes take the rate of their last training, and one for the fine-tuning before it.
  const [last, before] = rl ? [rlRate, sftRate] : [sftRate, null];
  const missing =
    chosen.model === undefined
      ? "No server serves a model of this study."
      : problemSets.length === 0
        ? "The study has no problem set."
        : sft && chosen.dataset === undefined
          ? "Build a data set first."
          : sft || rl
            ? missingThere(place, trlMissing)
            : "";
  const names = (list: readonly { name: string }[]) => list.map((x) => [x.name, x.name] as const);
  return (
    <Section title="New training">
      <form
        className="space-y-4"
        onSubmit={(e) => {
          e.preventDefault();
          if (chosen.model === undefined) return;
          start.mutate({
            study,
            recipe,
            model: chosen.model,
            evaluate: chosen.evaluate,
            seed,
            ...(samples === null ? {} : { samples }),
            ...(sft || rl ? asked(place) : {}),
            ...((sft || rl) && last !== null ? { learningRate: last } : {}),
            ...(sft && before !== null ? { sftLearningRate: before } : {}),
            ...(sft && chosen.dataset !== undefined ? { dataset: chosen.dataset, holdOut, ...(epochs === null ? {} : { epochs }) } : {}),
            ...(rl && chosen.problemSet !== undefined ? { problemSet: chosen.problemSet, ...(steps === null ? {} : { steps }) } : {}),
          });
        }}
      >
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
          <SelectField label="What" value={recipe} options={RECIPES} onChange={setRecipe} />
          <SelectField label="From the model" value={chosen.model ?? ""} options={names(served)} onChange={setModel} />
          {sft && <SelectField label="Data set" value={chosen.dataset ?? ""} options={names(ready)} onChange={setDataset} />}
          {sft && <NumberField key={`epochs ${lab}`} label="SFT epochs" value={epochs ?? own.sft.epochs} min={1} max={100} step={1} onChange={setEpochs} />}
          {sft && <RateField label="SFT learning rate" own={rateOf(own.sft)} value={sftRate} onChange={setSftRate} />}
          {sft && <HoldOutField value={holdOut} onChange={setHoldOut} />}
          {rl && <SelectField label="RL on problem set" value={chosen.problemSet ?? ""} options={names(problemSets)} onChange={setProblemSet} />}
          {rl && <NumberField key={`steps ${lab}`} label="RL steps" value={steps ?? own.rl.steps} min={1} max={10_000} step={1} onChange={(n) => setSteps(Math.round(n))} />}
          {rl && <RateField label="RL learning rate" own={rateOf(own.rl)} value={rlRate} onChange={setRlRate} />}
          {chosen.evaluate.length > 0 && (
            <NumberField
              key={`samples ${lab}`}
              label="Samples per problem evaluated"
              value={samples ?? evaluationSamples(lab)}
              min={1}
              max={1024}
              step={1}
              onChange={(n) => setSamples(Math.round(n))}
            />
          )}
          <NumberField label="Seed" value={seed} min={0} max={1_000_000} step={1} onChange={(n) => setSeed(Math.round(n))} />
        </div>
        {(sft || rl) && <PlaceFields place={place} onChange={setPlace} />}
        <fieldset>
          <legend className="text-sm text-soft">Evaluate on</legend>
          <div className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
            {problemSets.map((set) => (
              <CheckField
                key={set.name}
                label={`${set.name} (${plural(set.problems, "problem")})`}
                checked={chosen.evaluate.includes(set.name)}
                onChange={(on) => setEvaluate(on ? [...chosen.evaluate, set.name] : chosen.evaluate.filter((n) => n !== set.name))}
              />
            ))}
          </div>
        </fieldset>
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" disabled={missing !== "" || start.isPending || (recipe === "evaluate" && chosen.evaluate.length === 0)}>
            {start.isPending ? "Asking…" : "Start"}
          </Button>
          {missing !== "" && <p className="text-sm text-faint">{missing}</p>}
          {start.isSuccess && <p className="text-sm text-success" role="status">Started.</p>}
        </div>
        {start.error !== null && <Message tone="error">{start.error.message}</Message>}
      </form>
    </Section>
  );
}
