"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { ChartFrame } from "@/components/charts/frame";
import PassChart from "@/components/comparing/sources/pass-chart";
import { type PassLine, passLines, passTable } from "@/components/comparing/sources/pass-lines";
import { quoted } from "@/components/comparing/sources/words";
import { SelectField } from "@/components/ui/fields";
import { count } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { EvaluatedSet, SourcesPage, StageAfter } from "@/server/core/views/comparing-sources";
import { chosenOf, curvesInput, type Question } from "./question";
import { RelationFigure } from "./relation-figure";

const STAGES = [
  ["rl", "SFT and RL"],
  ["sft", "SFT alone"],
] as const;

/** What follows from training on each source: pass@k on what was trained on and on what was not, and its relation to the NLL. */
export function OutcomeSection({ page, question }: { page: SourcesPage; question: Question }) {
  const chosen = chosenOf(page, question);
  const base = `/studies/${encodeURIComponent(page.study)}`;
  return (
    <Section
      title="What follows"
      note={`pass@k of the models after ${chosen.stage === "rl" ? "SFT and RL" : "SFT alone"}, the base’s beside them`}
      aside={
        <SelectField
          label="Models after"
          value={chosen.stage}
          options={STAGES}
          onChange={(stage) => replaceSearch((search) => search.set("stage", stage))}
        />
      }
    >
      {page.sets.length === 0 ? (
        <NotEvaluated page={page} base={base} />
      ) : (
        <div className="space-y-12">
          <div className="grid gap-x-10 gap-y-10 xl:grid-cols-2">
            {page.sets.map((set) => (
              <SetCurvesFigure key={set.name} page={page} question={question} set={set} stage={chosen.stage} base={base} />
            ))}
          </div>
          {chosen.set !== null && <RelationFigure page={page} question={question} chosen={{ ...chosen, set: chosen.set }} base={base} />}
        </div>
      )}
    </Section>
  );
}

function SetCurvesFigure(props: { page: SourcesPage; question: Question; set: EvaluatedSet; stage: StageAfter; base: string }) {
  const { page, question, set, stage, base } = props;
  const trpc = useTRPC();
  const router = useRouter();
  const read = useQuery(trpc.compareSources.curves.queryOptions(curvesInput(page.study, question, set.name, stage), { placeholderData: (before) => (before?.set === set.name ? before : undefined) }));
  if (read.data === undefined) return read.error ? <Message tone="error">{read.error.message}</Message> : <p className="h-96 text-faint">Reading pass@k on {set.name}…</p>;
  const lines = passLines(read.data, page.rows);
  const hrefOf = (runs: readonly string[]) => `${base}/attempts?run=${runs.join(",")}`;
  const nothing = lines.every((l) => l.curve.stage === null);
  return (
    <div className="min-w-0">
      <ChartFrame
        title={`pass@k on ${set.name}`}
        note={`${set.trained ? "Trained on" : "Not trained on"}; mean over ${problemsWords(lines)}; ${samplesWords(lines)} of each; band: 95 % bootstrap over problems, 2,000 resamples.`}
        file={`pass-at-k-${set.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`}
        series={lines.map(({ name, look }) => ({ name, look }))}
        table={() => passTable(lines, hrefOf)}
        {...(lines.length === 0 ? { empty: `None of the shown models was evaluated on ${set.name} after this stage.` } : {})}
      >
        <PassChart lines={lines} onOpen={(line) => router.push(hrefOf(line.curve.runs))} />
      </ChartFrame>
      {nothing && lines.length > 0 && (
        <p className="mt-1 text-sm text-faint">Only the base was evaluated here: no model after {stage === "rl" ? "SFT and RL" : "SFT alone"} was.</p>
      )}
      {lines.length > 0 && (
        <p className="mt-1 text-sm text-faint">
          Attempts of{" "}
          {lines.map((line, i) => (
            <span key={line.key}>
              {i > 0 && ", "}
              <Link href={hrefOf(line.curve.runs)}>{line.name}</Link>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? count(low) : `${count(low)} to ${count(high)}`;
}

const problemsWords = (lines: readonly PassLine[]) => (lines.length === 0 ? "no problems" : `${range(lines.map((l) => l.curve.problems))} problems`);
const samplesWords = (lines: readonly PassLine[]) =>
  lines.length === 0 ? "no samples" : `${range(lines.flatMap((l) => [l.curve.samples.fewest, l.curve.samples.most]))} samples`;

function NotEvaluated({ page, base }: { page: SourcesPage; base: string }) {
  const ready = page.rows.find((r) => r.state === "ready" && r.rows > 0);
  const live = page.rows.flatMap((r) => r.chains.flatMap((c) => [c.sft, ...c.rl])).filter((t) => t.state === "running" || t.state === "queued");
  return (
    <div className="max-w-prose space-y-3 text-soft">
      <p>
        {live.length > 0
          ? "Trainings are at work; curves are drawn here as their models are evaluated."
          : "Neither the base nor a model that was trained on these sources has been evaluated."}{" "}
        Start an evaluation of the base and a chain for each source on the page of <Link href={`${base}/training`}>trainings</Link>, or from the
        command line:
      </p>
      <pre className="overflow-x-auto rounded-sm bg-sunken p-3 font-mono text-sm" tabIndex={0} role="region" aria-label="Commands">
        npm run -s intervene -- run evaluate --study {quoted(page.study)} --model {quoted(page.base?.name ?? "MODEL")} --evaluate SET{"\n"}
        npm run -s intervene -- run sft-rl --study {quoted(page.study)} --dataset {quoted(ready?.dataset ?? "DATASET")} --evaluate SET
      </pre>
    </div>
  );
}
