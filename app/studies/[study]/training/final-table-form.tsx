"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { HoldOutField } from "@/components/training/hold-out-field";
import { asked, missingThere, OWN_PLACE, PlaceFields } from "@/components/training/place-fields";
import { Button } from "@/components/ui/button";
import { CheckField, NumberField, SelectField } from "@/components/ui/fields";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { evaluationSamples } from "@/server/core/training/defaults";
import { TABLE_ROWS } from "@/server/core/training/final-table";
import type { TrainerChoices, TrainingChoices } from "@/server/core/views/training";

/** The lab makes its own sets when none is named. */
const OWN = "";
/** Problems of each of them. */
const OWN_PROBLEMS = 200;

/** Start all rows of the final table: sets, seeds, sizes; everything else is the recipe's own. */
export function FinalTableForm({ study, choices }: { study: string; choices: TrainingChoices & TrainerChoices }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const start = useMutation(
    trpc.trainings.finalTable.mutationOptions({ onSettled: () => queries.invalidateQueries({ queryKey: trpc.trainings.pathKey() }) }),
  );
  const served = choices.models.filter((m) => m.served);
  const [name, setModel] = useState<string | null>(null);
  const [trainSet, setTrain] = useState<string | null>(null);
  const [testSets, setTest] = useState<string[]>([]);
  const [seeds, setSeeds] = useState(1);
  const [problems, setProblems] = useState<number | null>(null);
  const [samples, setSamples] = useState<number | null>(null);
  const [holdOut, setHoldOut] = useState(0);
  const [place, setPlace] = useState(OWN_PLACE);
  const model = served.find((m) => m.name === name) ?? served[0];
  const sets = choices.problemSets;
  const lab = model?.lab ?? false;
  const train = trainSet ?? (lab ? OWN : (sets[0]?.name ?? OWN));
  const own = train === OWN;
  const test = own ? [] : testSets.filter((s) => s !== train);
  const perProblem = samples ?? evaluationSamples(lab);
  const missing =
    model === undefined
      ? "No server serves a model of this study."
      : own && !lab
        ? "The study needs a problem set to train on."
        : !own && test.length === 0
          ? "Choose at least one set that training does not see."
          : missingThere(place, choices.trlMissing);
  return (
    <Section title="Final table" note={`${TABLE_ROWS.length} rows with their data sets and evaluations; what is there already is not started again`}>
      <form
        className="space-y-4"
        onSubmit={(e) => {
          e.preventDefault();
          if (model === undefined) return;
          start.mutate({
            study,
            model: model.name,
            seeds,
            holdOut,
            ...asked(place),
            ...(own ? {} : { train, test }),
            ...(problems === null ? {} : { maxProblems: problems }),
            ...(samples === null ? {} : { samples }),
          });
        }}
      >
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
          <SelectField label="Base model" value={model?.name ?? ""} options={served.map((m) => [m.name, m.name])} onChange={setModel} />
          <SelectField
            label="Training set"
            value={train}
            options={[...(lab ? [[OWN, "the lab’s own"] as const] : []), ...sets.map((s) => [s.name, s.name] as const)]}
            onChange={setTrain}
          />
          <NumberField label="Seeds" value={seeds} min={1} max={100} step={1} onChange={(n) => setSeeds(Math.round(n))} />
          <NumberField
            key={`problems ${own}`}
            label="Problems of each set"
            value={own ? OWN_PROBLEMS : 0}
            min={own ? 1 : 0}
            max={100_000}
            step={1}
            hint={own ? undefined : "0: all"}
            onChange={(n) => setProblems(n === 0 ? null : Math.round(n))}
          />
          <NumberField
            key={`samples ${lab}`}
            label="Samples per problem"
            value={samples ?? evaluationSamples(lab)}
            min={1}
            max={1024}
            step={1}
            onChange={(n) => setSamples(Math.round(n))}
          />
          <HoldOutField value={holdOut} onChange={setHoldOut} />
        </div>
        {own ? (
          <p className="max-w-prose text-sm text-faint">
            The lab’s own training set and held-out set are generated where the study has none yet.
          </p>
        ) : (
          <fieldset>
            <legend className="text-sm text-soft">Held-out sets</legend>
            <div className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
              {sets
                .filter((s) => s.name !== train)
                .map((s) => (
                  <CheckField
                    key={s.name}
                    label={`${s.name} (${plural(s.problems, "problem")})`}
                    checked={test.includes(s.name)}
                    onChange={(on) => setTest(on ? [...test, s.name] : test.filter((n) => n !== s.name))}
                  />
                ))}
            </div>
          </fieldset>
        )}
        <PlaceFields place={place} onChange={setPlace} />
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" disabled={missing !== "" || start.isPending}>
            {start.isPending ? "Asking…" : "Start the final table"}
          </Button>
          <p className="text-sm text-faint">
            {missing !== "" ? missing : `${plural(TABLE_ROWS.length * seeds, "chain")}, each evaluated with ${count(perProblem)} samples per problem.`}
          </p>
          {start.isSuccess && (
            <p className="text-sm text-success" role="status">
              Started: {plural(start.data.pipelines, "pipeline")}.
            </p>
          )}
        </div>
        {start.error !== null && <Message tone="error">{start.error.message}</Message>}
      </form>
    </Section>
  );
}
