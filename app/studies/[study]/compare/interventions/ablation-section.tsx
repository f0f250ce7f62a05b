"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import type { ShareRow } from "@/components/comparing/interventions/figures";
import { evaluationAttempts } from "@/components/comparing/interventions/links";
import { ShareTable } from "@/components/comparing/interventions/share-table";
import { count } from "@/components/ui/format";
import { Section } from "@/components/ui/section";
import { LabelledSelect } from "@/components/ui/select";
import { VARIANT_LABEL, VARIANTS } from "@/server/core/comparing/ablation";
import { PUBLISHED_ABLATION } from "@/server/core/comparing/published-interventions";
import type { AblationRow, AblationView } from "@/server/core/views/comparing-interventions";
import { Read } from "./outcome-sections";
import type { Question } from "./question";

/** What to clone: models fine-tuned on each variant of the InT data set. */
export function AblationSection({ study, base, question }: { study: string; base: string; question: Question }) {
  const trpc = useTRPC();
  const ablation = useQuery(trpc.compareInterventions.ablation.queryOptions({ study, set: question.set }, { placeholderData: keepPreviousData }));
  return (
    <Section
      title="What to clone"
      aside={
        ablation.data !== undefined &&
        ablation.data.sets.length > 1 && (
          <LabelledSelect
            label="Evaluated on"
            value={ablation.data.set ?? ""}
            options={ablation.data.sets}
            onChange={(set) => replaceSearch((search) => search.set("set", set))}
          />
        )
      }
    >
      <Read of={ablation}>
        {(view: AblationView) => (
          <ShareTable
            title="Variants of the data set"
            note={`Models fine-tuned on each variant${view.set === null ? "" : `, sampled on “${view.set}”`}: problems with a right answer, and the share of right ones. Differences are paired by problem, to the first filtered model. 95 % intervals: Wilson for problems, bootstrap over problems for samples.`}
            first="Trained on"
            file="ablation"
            differences="to filtered"
            rows={VARIANTS.flatMap((variant) => rowsOf(view, variant, base))}
          />
        )}
      </Read>
    </Section>
  );
}

function rowsOf(view: AblationView, variant: (typeof VARIANTS)[number], base: string): ShareRow[] {
  const mine = view.rows.filter((r) => r.variant === variant);
  const published = PUBLISHED_ABLATION[variant];
  if (mine.length > 0) return mine.map((r, i) => rowOf(r, view, base, i === 0 ? published : undefined));
  if (variant === "other") return [];
  return [{ key: variant, label: VARIANT_LABEL[variant], figures: null, gap: "no model was fine-tuned on such a data set yet", links: {}, published, difference: null }];
}

function rowOf(r: AblationRow, view: AblationView, base: string, published: ShareRow["published"]): ShareRow {
  const href = (right: boolean) => (r.runs.length === 0 ? undefined : evaluationAttempts(base, r.runs, right));
  const both = r.coverageDifference !== null && r.accuracyDifference !== null ? { coverage: r.coverageDifference, accuracy: r.accuracyDifference } : null;
  return {
    key: r.modelId,
    label: VARIANT_LABEL[r.variant],
    note: `${r.model}, trained on ${count(r.rows)} rows of ${r.dataset}`,
    href: `${base}/datasets/${r.datasetId}`,
    figures: r.problems === 0 ? null : r,
    gap: "not evaluated yet",
    links: { covered: href(true), problems: href(false), samples: href(false) },
    strong: r.modelId === view.baseline,
    published,
    difference: r.modelId === view.baseline ? "baseline" : both,
  };
}
