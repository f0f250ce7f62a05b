"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import type { Scope } from "@/components/comparing/interventions/links";
import { moment } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { LabelledSelect } from "@/components/ui/select";
import type { InterventionsHead } from "@/server/core/views/comparing-interventions";
import { AblationSection } from "./ablation-section";
import { ConditioningSection, HintSection, SuccessSection } from "./outcome-sections";
import { questionOf } from "./question";
import { FunnelSection, LengthsSection, PositionsSection } from "./shape-sections";

/** What interventions are worth, where they stand, and what became of them. The question stands in the address. */
export function InterventionsView({ study }: { study: string }) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const question = useMemo(() => questionOf(new URLSearchParams(params)), [params]);
  const head = useQuery(trpc.compareInterventions.head.queryOptions({ study, pipeline: question.pipeline }));
  const base = `/studies/${encodeURIComponent(study)}`;
  if (head.data === undefined) return head.error === null ? <p className="text-faint">Reading…</p> : <Message tone="error">{head.error.message}</Message>;
  const { pipeline } = head.data;
  if (pipeline === null)
    return (
      <div className="space-y-12">
        <p className="max-w-prose text-soft">
          No run of this study has made interventions yet. Start the InT recipe (<code>npm run intervene -- run int --study …</code>), or verify
          attempts that are there, and what they are worth stands here.
        </p>
        <AblationSection study={study} base={base} question={question} />
      </div>
    );
  const scope: Scope = { base, pipeline: pipeline.id, ...pipeline.runs };
  const section = { study, scope, question };
  return (
    <div className="space-y-12">
      <RunChoice head={head.data} />
      <ConditioningSection {...section} />
      <HintSection {...section} head={head.data} />
      <SuccessSection {...section} />
      <AblationSection study={study} base={base} question={question} />
      <PositionsSection {...section} />
      <LengthsSection {...section} />
      <FunnelSection {...section} />
    </div>
  );
}

/** Which run all of the page but the ablation is about. */
function RunChoice({ head }: { head: InterventionsHead }) {
  const { pipeline, pipelines } = head;
  if (pipeline === null) return null;
  return (
    <div className="-mt-2 flex flex-wrap items-baseline gap-x-4 gap-y-2">
      <LabelledSelect
        label="Run"
        value={pipeline.id}
        options={pipelines.map((p) => [p.id, `${p.recipe === "int" ? "InT" : p.recipe}, ${moment(p.createdAt)} (${p.state})`] as const)}
        onChange={(id) => replaceSearch((search) => search.set("pipeline", id))}
      />
      {pipeline.state !== "done" && (
        <p className="text-sm text-uncertainty">This run is {pipeline.state}: figures are of what is there so far.</p>
      )}
    </div>
  );
}
