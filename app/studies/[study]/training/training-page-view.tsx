"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { LiveProvider, useLiveState } from "@/app/live";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { Chains } from "@/components/training/chains";
import { EvaluationTable } from "@/components/training/evaluation-table";
import { Button } from "@/components/ui/button";
import { LiveMark } from "@/components/ui/live-mark";
import { Message } from "@/components/ui/message";
import { Page } from "@/components/ui/page";
import { Section } from "@/components/ui/section";
import type { ChainView, EvaluationView, TrainingPage } from "@/server/core/views/training";
import { CurvesSection } from "./curves-section";
import { FinalTableForm } from "./final-table-form";
import { NewTraining } from "./new-training";

/** Trainings of a study with their curves, and what their models are worth. */
export function TrainingPageView({ study }: { study: string }) {
  const trpc = useTRPC();
  const page = useQuery(trpc.trainings.page.queryOptions({ study }));
  if (page.data === undefined)
    return <Page crumbs={[]}>{page.error && <Message tone="error">{page.error.message}</Message>}</Page>;
  return (
    <LiveProvider study={page.data.studyId}>
      <Content study={study} page={page.data} problem={page.error?.message ?? ""} />
    </LiveProvider>
  );
}

/** Trainings drawn when the address names none: the newest few. */
const DRAWN = 4;

function Content({ study, page, problem }: { study: string; page: TrainingPage; problem: string }) {
  const live = useLiveState();
  const params = useSearchParams();
  const base = `/studies/${encodeURIComponent(study)}`;
  const trainings = page.chains.flatMap((chain) => chain.runs.flatMap((r) => (r.training === null ? [] : [{ chain, training: r.training }])));
  const named = params.get("curves");
  const started = trainings.filter((t) => t.training.step > 0);
  const drawn = named === null ? started.slice(0, DRAWN).map((t) => t.training.id) : named.split(",").filter((id) => started.some((t) => t.training.id === id));
  const toggle = (id: string) => {
    const next = drawn.includes(id) ? drawn.filter((d) => d !== id) : [...drawn, id];
    replaceSearch((search) => search.set("curves", next.join(",")));
  };
  return (
    <Page
      crumbs={[
        { label: study, href: base },
        { label: "training", href: `${base}/training` },
      ]}
      status={<LiveMark state={live} />}
    >
      <h1 className="text-2xl">Training</h1>
      <p className="mt-1 mb-8 max-w-prose text-soft">
        A chain goes from a model over fine-tuning and reinforcement learning to a checkpoint, which is served and
        evaluated. Trainers are processes of their own: they survive a worker, and leave checkpoints to go on from.
      </p>
      {problem !== "" && <Message tone="uncertainty">What you see may be out of date. {problem}</Message>}
      <div className="space-y-12">
        <NewTraining study={study} />
        <FinalTable study={study} />
        {page.evaluations.length > 0 && (
          <Section title="Evaluations" note="samples of models on problem sets, with their intervals">
            <EvaluationTable
              evaluations={page.evaluations}
              href={(e) => `${base}?run=${e.runId}`}
              link={Link}
              hard={(e) => <MakeHardSet study={study} evaluation={e} />}
            />
          </Section>
        )}
        {drawn.length > 0 && <CurvesSection study={study} trainings={trainings.filter((t) => drawn.includes(t.training.id))} />}
        <Section title="Chains">
          {page.chains.length === 0 ? (
            <p className="max-w-prose text-faint">
              None yet. Start one above: an evaluation of the base model is the row that every other one is compared with.
            </p>
          ) : (
            <Chains
              chains={page.chains}
              action={(chain) => <Controls chain={chain} />}
              toggle={(id) =>
                started.some((t) => t.training.id === id) && (
                  <Button tone="quiet" aria-pressed={drawn.includes(id)} onClick={() => toggle(id)}>
                    {drawn.includes(id) ? "hide curves" : "show curves"}
                  </Button>
                )
              }
            />
          )}
        </Section>
      </div>
    </Page>
  );
}

/** The problems that a model never solved become a set of their own, to train on. */
function MakeHardSet({ study, evaluation: { model, problemSet } }: { study: string; evaluation: EvaluationView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const make = useMutation(
    trpc.trainings.hardSet.mutationOptions({ onSettled: () => queries.invalidateQueries({ queryKey: trpc.trainings.pathKey() }) }),
  );
  if (make.isSuccess) return <span role="status" className="text-success">are “{make.data.name}”</span>;
  return (
    <>
      <Button
        tone="quiet"
        disabled={make.isPending}
        aria-label={`Make a problem set of those on ${problemSet} that ${model} never solved`}
        onClick={() => make.mutate({ study, problemSet, model })}
      >
        as a set
      </Button>
      {make.error !== null && <span role="alert" className="block max-w-72 whitespace-normal text-error">{make.error.message}</span>}
    </>
  );
}

function FinalTable({ study }: { study: string }) {
  const trpc = useTRPC();
  const choices = useQuery(trpc.trainings.choices.queryOptions({ study }));
  // What went wrong stands in the form above.
  return choices.data === undefined ? null : <FinalTableForm study={study} choices={choices.data} />;
}

/** What can be done with a chain as it stands. */
function Controls({ chain }: { chain: ChainView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.trainings.pathKey() }) };
  const pause = useMutation(trpc.runs.pause.mutationOptions(settled));
  const resume = useMutation(trpc.runs.resume.mutationOptions(settled));
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(settled));
  const retry = useMutation(trpc.runs.retry.mutationOptions(settled));
  const { pipelineId, state } = chain;
  const error = pause.error ?? resume.error ?? cancel.error ?? retry.error;
  return (
    <span className="flex items-baseline gap-3">
      {(state === "running" || state === "queued") && <Button tone="quiet" onClick={() => pause.mutate({ pipelineId })}>Pause</Button>}
      {state === "paused" && <Button tone="quiet" onClick={() => resume.mutate({ pipelineId })}>Resume</Button>}
      {(state === "running" || state === "queued" || state === "paused") && <Button tone="quiet" onClick={() => cancel.mutate({ pipelineId })}>Cancel</Button>}
      {state === "failed" && <Button tone="quiet" onClick={() => retry.mutate({ pipelineId })}>Resume from its last checkpoint</Button>}
      {error !== null && <span role="alert" className="text-sm text-error">{error.message}</span>}
    </span>
  );
}
