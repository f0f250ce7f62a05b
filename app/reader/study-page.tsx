"use client";
import { type ReactNode, useMemo, useState } from "react";
import { cellsOf } from "@/components/comparing/final-figures";
import { FinalTable, type Sorting } from "@/components/comparing/final-table";
import { ConditioningTable } from "@/components/study/conditioning-table";
import { ProposalCountsView } from "@/components/study/proposal-counts";
import { stageName } from "@/components/study/stages";
import { RECIPES } from "@/components/study/study-list";
import { EvaluationTable } from "@/components/training/evaluation-table";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { StateWord } from "@/components/ui/state-word";
import { choiceWords } from "@/server/core/publishing/request";
import { isOver } from "@/server/core/run-state";
import type { FinalTable as FinalTableView } from "@/server/core/views/comparing-table";
import type { PublishedManifest, PublishedPipeline, PublishedStudy } from "@/server/core/views/publication";
import { hrefOf, usePlace } from "./address";
import { useFile } from "./data";
import { Frame } from "./frame";

/** The first page: what is here, and the study's figures. @param unknown the address names a page that there is not. */
export function StudyPage({ study, unknown }: { study: PublishedStudy; unknown: boolean }) {
  const { search } = usePlace();
  const asked = search.get("run");
  const pipeline = study.pipelines.find((p) => p.id === asked) ?? study.pipelines[0];
  return (
    <Frame study={study} title="">
      <div className="space-y-12">
        <Head study={study} />
        {unknown && <Message tone="uncertainty">There is no page of that address here; this is the first one.</Message>}
        {study.pipelines.length > 1 && (
          <nav aria-label="Runs" className="text-sm">
            <ol className="flex flex-wrap gap-x-5 gap-y-1">
              {study.pipelines.map((p, i) => (
                <li key={p.id}>
                  <a
                    href={hrefOf([], new URLSearchParams({ run: p.id }))}
                    aria-current={p.id === pipeline?.id ? "page" : undefined}
                    className={p.id === pipeline?.id ? "font-medium" : "text-soft"}
                  >
                    Run {study.pipelines.length - i}: {RECIPES[p.recipe] ?? p.recipe}
                  </a>
                </li>
              ))}
            </ol>
          </nav>
        )}
        {pipeline !== undefined && <Figures pipeline={pipeline} />}
        {study.table !== null && <Final table={study.table} />}
        {study.evaluations.length > 0 && (
          <Section title="Evaluations">
            <EvaluationTable
              evaluations={study.evaluations.map((e) => ({ ...e, modelId: e.model, runId: "" }))}
              href={() => ""}
              link={Plain}
            />
          </Section>
        )}
        {study.datasets.length > 0 && <Datasets datasets={study.datasets} />}
        <About />
      </div>
    </Frame>
  );
}

/** Samples of evaluations are not part of a publication: their models' names lead nowhere. */
function Plain({ children }: { children: ReactNode }) {
  return <span>{children}</span>;
}

function Head({ study }: { study: PublishedStudy }) {
  const manifest = useFile<PublishedManifest>("manifest").data;
  return (
    <div>
      <h1 className="text-2xl">{study.name}</h1>
      <p className="mt-1 flex flex-wrap gap-x-3 gap-y-1 text-soft">
        <span>{plural(study.problems, "problem")}</span>
        <span>{plural(study.attempts, "attempt")}</span>
        {study.models.length > 0 && <span>by {study.models.join(", ")}</span>}
      </p>
      {study.kind === "lab" && (
        <p className="mt-2 max-w-prose text-sm text-faint">
          The lab is a small world with a tiny model that the project trained itself. Its mistakes are real and its
          figures are its own; they say nothing about large models.
        </p>
      )}
      {study.note !== "" && <p className="mt-2 max-w-prose whitespace-pre-wrap text-soft">{study.note}</p>}
      <nav aria-label="Parts of this publication" className="mt-4">
        <ul className="flex flex-wrap gap-x-6 gap-y-1 text-lg">
          <li>
            <a href={hrefOf(["attempts"])}>Attempts</a>
            {manifest && <span className="text-sm text-faint"> {count(manifest.counts.attempts)}</span>}
          </li>
          <li>
            <a href={hrefOf(["problems"])}>Problems</a>
            {manifest && <span className="text-sm text-faint"> {count(manifest.counts.problems)}</span>}
          </li>
          {study.pipelines.some((p) => p.proposals.kept > 0) && (
            <li>
              <a href={hrefOf(["attempts"], new URLSearchParams({ proposal: "kept" }))}>Kept interventions</a>
            </li>
          )}
        </ul>
      </nav>
      {study.request.attempts !== "all" && (
        <p className="mt-3 max-w-prose text-sm text-soft">
          Published are {choiceWords(study.request)}; the figures below are those of the whole study.
        </p>
      )}
    </div>
  );
}

function Figures({ pipeline: p }: { pipeline: PublishedPipeline }) {
  const over = isOver(p.state);
  const continues = p.stages.some((s) => s.stage === "continue");
  return (
    <>
      {continues && (
        <Section title="Conditioning" note={over ? undefined : <span className="text-uncertainty">the run was not over when this was published</span>}>
          <ConditioningTable arms={p.arms} published={false} provisional={!over} />
        </Section>
      )}
      <Section title="Verifications and proposals">
        <ProposalCountsView counts={p.proposals} continues={continues} />
      </Section>
      <Section title="From problems to kept interventions">
        <div className="overflow-x-auto" role="region" aria-label="Stages" tabIndex={0}>
          <table className="w-full max-w-[44rem] text-sm">
            <caption className="sr-only">Rows by stage</caption>
            <thead>
              <tr className="border-b border-edge text-faint [&>th]:py-1 [&>th]:pe-6">
                <th scope="col">Stage</th>
                <th scope="col" className="text-end">Rows</th>
                <th scope="col" className="text-end">Failed</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody className="divide-y divide-rule">
              {p.stages.map((s) => (
                <tr key={s.stage} className="[&>*]:py-1.5 [&>*]:pe-6" data-stage={s.stage}>
                  <th scope="row" className="font-normal">
                    {stageName(s.stage)}
                    {s.kept !== null && s.done > 0 && <span className="text-success"> {count(s.kept)} kept</span>}
                  </th>
                  <td className="text-end">{count(s.done)}</td>
                  <td className="text-end">{s.failed > 0 ? count(s.failed) : ""}</td>
                  <td>
                    <StateWord state={s.state} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {p.settings !== null && (
          <p className="mt-3 max-w-prose text-sm text-faint">
            Seed {p.settings.seed}; {p.settings.rollouts} attempts a problem, {p.settings.verifications} verifications an
            attempt, {p.settings.continuations} continuations an arm at temperature {p.settings.temperature}, at most{" "}
            {count(p.settings.maxTokens)} tokens; prompts {p.settings.prompts.join(", ")}.
          </p>
        )}
      </Section>
    </>
  );
}

/** The final table, in its own order until a column is asked for. */
function Final({ table }: { table: FinalTableView }) {
  const [sorting, setSorting] = useState<Sorting>({ column: null, descending: true });
  const { column, descending } = sorting;
  const rows = useMemo(() => {
    if (column === null) return table.rows;
    const figureOf = (row: (typeof table.rows)[number]) => {
      const cell = cellsOf(row)[column];
      return cell?.kind === "value" ? cell.of.value : Number.NEGATIVE_INFINITY;
    };
    return [...table.rows].sort((a, b) => (descending ? figureOf(b) - figureOf(a) : figureOf(a) - figureOf(b)));
  }, [table, column, descending]);
  const onSort = (next: number | null) =>
    setSorting({ column: next, descending: next !== column || !descending });
  return (
    <Section title="Final table" note="pass@k, 95 % bootstrap over problems; differences are paired">
      <FinalTable table={table} rows={rows} sorting={sorting} onSort={onSort} />
    </Section>
  );
}

function Datasets({ datasets }: { datasets: PublishedStudy["datasets"] }) {
  return (
    <Section title="Data sets" note="built from this study; their rows are not part of this publication">
      <ul className="divide-y divide-rule text-sm">
        {datasets.map((d) => (
          <li key={d.name} className="flex flex-wrap gap-x-4 py-1.5">
            <span className="font-medium">{d.name}</span>
            <span className="text-soft">{d.source}</span>
            <span>{plural(d.rows, "row")}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function About() {
  const { data: m } = useFile<PublishedManifest>("manifest");
  if (m === undefined) return null;
  return (
    <footer className="border-t border-rule pt-3 text-sm text-faint">
      <p className="max-w-prose">
        Published with {m.tool}, {m.created.slice(0, 10)}: {plural(m.counts.attempts, "attempt")},{" "}
        {plural(m.counts.verifications, "verification")}, {plural(m.counts.proposals, "proposed intervention")} and{" "}
        {plural(m.counts.continuations, "continuation")} as static pages. The address of every page, with the step and the
        sample that it shows, can be linked to.
      </p>
      <p className="mt-1 font-mono text-xs break-all" title="SHA-256 over files.sha256, which holds the digests of all files">
        SHA-256 {m.digest}
      </p>
    </footer>
  );
}
