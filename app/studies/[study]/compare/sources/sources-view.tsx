"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { LiveProvider } from "@/app/live";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { SourcesTable } from "@/components/comparing/sources/sources-table";
import { quoted, shownRows } from "@/components/comparing/sources/words";
import { SelectField } from "@/components/ui/fields";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { SOURCE_LABEL } from "@/server/core/datasets/sources";
import type { SourcesPage } from "@/server/core/views/comparing-sources";
import { EntropySection } from "./entropy-section";
import { NllSection } from "./nll-section";
import { OutcomeSection } from "./outcome-section";
import { inputOf, type Question, questionOf } from "./question";
import { ScoreControls } from "./score-controls";

/** SFT sources side by side for one base model. */
export function SourcesView({ study }: { study: string }) {
  const trpc = useTRPC();
  const question = questionOf(new URLSearchParams(useSearchParams()));
  const read = useQuery(trpc.compareSources.page.queryOptions(inputOf(study, question), { placeholderData: (before) => before }));
  if (read.data === undefined) return read.error ? <Message tone="error">{read.error.message}</Message> : null;
  return (
    <LiveProvider study={read.data.studyId}>
      {read.error !== null && <Message tone="uncertainty">What you see may be out of date. {read.error.message}</Message>}
      <Content page={read.data} question={question} />
    </LiveProvider>
  );
}

function Content({ page, question }: { page: SourcesPage; question: Question }) {
  const base = `/studies/${encodeURIComponent(page.study)}`;
  const shown = { ...page, rows: shownRows(page.rows, question.data) };
  if (page.base === null || page.rows.length === 0) return <Nothing page={page} base={base} />;
  return (
    <div className="space-y-12">
      <Section
        title="Sources"
        note={`data sets of this study, for the base model ${page.base.name}`}
        aside={
          page.models.length > 1 && (
            <SelectField
              label="Base model"
              value={page.base.name}
              options={page.models.map((m) => [m.name, m.name] as const)}
              onChange={(name) => replaceSearch((search) => search.set("base", name))}
            />
          )
        }
      >
        <SourcesTable
          rows={page.rows}
          shown={question.data}
          hrefOf={(row) => `${base}/datasets/${encodeURIComponent(row.dataset)}`}
          trainingHref={`${base}/training`}
          link={Link}
          onShow={(names) =>
            replaceSearch((search) => {
              search.delete("data");
              if (names !== null) for (const name of names) search.append("data", name);
            })
          }
        />
        <ScoreControls page={page} />
        {page.missing.length > 0 && <Missing page={page} base={base} />}
      </Section>
      <NllSection page={shown} question={question} />
      <EntropySection page={shown} />
      <OutcomeSection page={shown} question={question} />
    </div>
  );
}

/** Sources of the paper that the study does not have, and how they come to be. */
function Missing({ page, base }: { page: SourcesPage; base: string }) {
  return (
    <p className="mt-4 max-w-prose text-sm text-soft">
      No data set yet of{" "}
      {page.missing.map((source, i) => (
        <span key={source}>
          {i > 0 && ", "}
          <Link href={`${base}/datasets?source=${source}`}>{SOURCE_LABEL[source]}</Link>
        </span>
      ))}
      . Build one there, or from the command line:{" "}
      <code className="font-mono text-xs [overflow-wrap:anywhere]">
        npm run -s intervene -- dataset --study {quoted(page.study)} --source {page.missing[0]} --name {page.missing[0]?.replaceAll("_", "-")}
      </code>
    </p>
  );
}

function Nothing({ page, base }: { page: SourcesPage; base: string }) {
  return (
    <Section title="Sources">
      <div className="max-w-prose space-y-3 text-soft">
        <p>
          {page.base === null
            ? "This study has no model yet, so there is nothing that a source could be likely or unlikely under. Import attempts or start a run with a model first."
            : "This study has no data set yet. Sources are compared here once there are some: how likely their traces are under the base model, and what follows from training on them."}
        </p>
        <p>
          Build one on the page of <Link href={`${base}/datasets?source=int`}>data sets</Link>, then score it here and train on it on
          the page of <Link href={`${base}/training`}>trainings</Link>. From the command line:
        </p>
        <pre className="overflow-x-auto rounded-sm bg-sunken p-3 font-mono text-sm" tabIndex={0} role="region" aria-label="Commands">
          npm run -s intervene -- dataset --study {quoted(page.study)} --source int --name int{"\n"}
          npm run -s intervene -- run score --study {quoted(page.study)} --dataset int{"\n"}
          npm run -s intervene -- run sft-rl --study {quoted(page.study)} --dataset int --evaluate SET
        </pre>
      </div>
    </Section>
  );
}
