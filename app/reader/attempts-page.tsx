"use client";
import { useDeferredValue, useMemo } from "react";
import { Message } from "@/components/ui/message";
import { count, plural } from "@/components/ui/format";
import { RewardMark } from "@/components/ui/reward-mark";
import { LabelledSelect } from "@/components/ui/select";
import type { PublishedAttemptRow, PublishedProblemRow, PublishedStudy } from "@/server/core/views/publication";
import { hrefOf, replaceSearch, usePlace } from "./address";
import { useIndex } from "./data";
import { Find, Pages } from "./fields";
import { Frame } from "./frame";
import { asked, type ListQuery, type Listed, listed, listQueryOf, type Sort, startOf, writeListQuery } from "./lists";

const PAGE = 100;

/** The index of attempts, from its files; rows are null until they are read. */
export function useListed(study: PublishedStudy): { rows: Listed[] | null; error: string } {
  const attempts = useIndex<PublishedAttemptRow>("attempts", study.files.attempts);
  const problems = useIndex<PublishedProblemRow>("problems", study.files.problems);
  const rows = useMemo(
    () => (attempts.data && problems.data ? listed(attempts.data, problems.data) : null),
    [attempts.data, problems.data],
  );
  return { rows, error: (attempts.error ?? problems.error)?.message ?? "" };
}

/** The attempts of a publication: searched, narrowed and sorted here, a hundred at a time. */
export function AttemptsPage({ study }: { study: PublishedStudy }) {
  const { search } = usePlace();
  const { rows, error } = useListed(study);
  const query = useMemo(() => listQueryOf(search), [search]);
  const shown = useDeferredValue(query);
  const found = useMemo(() => (rows === null ? null : asked(rows, shown)), [rows, shown]);
  const pages = Math.max(1, Math.ceil((found?.length ?? 0) / PAGE));
  const page = Math.min(pages - 1, Math.max(0, Number(search.get("page") ?? "1") - 1 || 0));
  const ask = (change: Partial<ListQuery>) =>
    replaceSearch((s) => {
      s.delete("page");
      writeListQuery({ ...query, ...change }, s);
    });
  const problem = query.problem === "" ? null : (rows?.find((r) => r.problem?.id === query.problem)?.problem ?? null);
  return (
    <Frame study={study} title="Attempts" crumbs={[{ label: "attempts", href: hrefOf(["attempts"]) }]}>
      <h1 className="text-2xl">Attempts</h1>
      {problem !== null && (
        <p className="mt-1 flex flex-wrap gap-x-3 text-soft">
          <span>at problem {problem.ordinal + 1}</span>
          <button type="button" className="underline decoration-edge underline-offset-4" onClick={() => ask({ problem: "" })}>
            at all problems
          </button>
        </p>
      )}
      <form
        className="mt-4 mb-3 flex flex-wrap items-center gap-x-5 gap-y-2 text-sm"
        role="search"
        onSubmit={(e) => e.preventDefault()}
      >
        <Find value={query.find} label="Find" onChange={(find) => ask({ find })} />
        <LabelledSelect
          label="Answer"
          value={query.reward}
          options={[
            ["", "any"],
            ["wrong", "wrong"],
            ["right", "right"],
            ["ungraded", "not graded"],
          ]}
          onChange={(reward) => ask({ reward })}
        />
        <LabelledSelect
          label="Proposal"
          value={query.proposal}
          options={[
            ["", "any"],
            ["chosen", "chosen"],
            ["kept", "kept"],
            ["dropped", "dropped"],
            ["none", "none"],
          ]}
          onChange={(proposal) => ask({ proposal })}
        />
        <p className="text-faint" role="status">
          {found === null ? "Reading…" : plural(found.length, "attempt")}
        </p>
      </form>
      {error !== "" && <Message tone="error">{error}</Message>}
      {found !== null && found.length === 0 && <p className="text-faint">No attempt is like that.</p>}
      {found !== null && found.length > 0 && (
        <Table rows={found.slice(page * PAGE, (page + 1) * PAGE)} query={query} models={study.models.length > 1} onAsk={ask} />
      )}
      <Pages page={page} pages={pages} onPage={(to) => replaceSearch((s) => (to === 0 ? s.delete("page") : s.set("page", String(to + 1))))} />
    </Frame>
  );
}

const COLUMNS: readonly { sort: Sort | null; label: string; numeric?: boolean; width: string }[] = [
  { sort: "problem", label: "Problem", width: "w-[34%]" },
  { sort: null, label: "Sample", numeric: true, width: "w-16" },
  { sort: "reward", label: "Answer", width: "w-28" },
  { sort: "steps", label: "Steps", numeric: true, width: "w-16" },
  { sort: "tokens", label: "Tokens", numeric: true, width: "w-20" },
  { sort: "error", label: "First error", width: "w-28" },
  { sort: null, label: "Proposal", width: "w-28" },
  { sort: null, label: "Prefix", numeric: true, width: "w-16" },
  { sort: null, label: "Original", numeric: true, width: "w-20" },
  { sort: "intervention", label: "Intervention", numeric: true, width: "w-28" },
];

function Table(props: {
  rows: readonly Listed[];
  query: ListQuery;
  models: boolean;
  onAsk: (change: Partial<ListQuery>) => void;
}) {
  const { query } = props;
  const list = writeListQuery(query, new URLSearchParams());
  const press = (sort: Sort) => props.onAsk({ sort, dir: query.sort === sort && query.dir === "asc" ? "desc" : "asc" });
  return (
    <div className="relative overflow-x-auto border-t border-ink" role="region" aria-label="Attempts table" tabIndex={0}>
      <table className="w-full min-w-[60rem] table-fixed">
        <caption className="sr-only">Attempts of this publication</caption>
        <thead>
          <tr className="border-b border-rule text-sm text-faint">
            {COLUMNS.map(({ sort, label, numeric, width }) => (
              <th
                key={label}
                scope="col"
                aria-sort={sort === query.sort ? (query.dir === "asc" ? "ascending" : "descending") : undefined}
                className={`py-1 pe-4 ${width} ${numeric === true ? "text-end" : ""}`}
              >
                {sort === null ? (
                  label
                ) : (
                  <button
                    type="button"
                    onClick={() => press(sort)}
                    className={`min-h-6 whitespace-nowrap hover:text-ink ${sort === query.sort ? "text-ink" : ""}`}
                  >
                    {label}
                    <span aria-hidden className="inline-block w-3 text-center">
                      {sort === query.sort ? (query.dir === "asc" ? "↑" : "↓") : ""}
                    </span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((r, i) => (
            <Row
              key={r.id}
              row={r}
              again={i > 0 && props.rows[i - 1]?.problem === r.problem}
              models={props.models}
              href={hrefOf(["attempts", r.id], list)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row: r, again, models, href }: { row: Listed; again: boolean; models: boolean; href: string }) {
  return (
    <tr className="border-b border-rule hover:bg-sunken [&>td]:py-1.5 [&>td]:pe-4 [&>td]:align-baseline">
      <td>
        <a href={href} className="flex min-w-0 gap-2 no-underline hover:underline">
          <span className={`w-8 shrink-0 text-end ${again ? "text-faint" : ""}`}>
            {r.problem === null ? "?" : r.problem.ordinal + 1}
          </span>
          <span className={`min-w-0 truncate font-serif ${again ? "text-faint" : ""}`}>{startOf(r.problem, 110)}</span>
        </a>
        {models && r.model !== null && <span className="block ps-10 text-xs text-faint">{r.model}</span>}
      </td>
      <td className="text-end">{r.sample + 1}</td>
      <td>
        <RewardMark reward={r.reward} cutOff={r.finishReason === "length"} />
      </td>
      <td className="text-end">{count(r.steps)}</td>
      <td className="text-end">{r.tokens > 0 && count(r.tokens)}</td>
      <td className="whitespace-nowrap">
        {r.firstError !== null ? (
          <>
            <span className="text-error">step {r.firstError}</span>{" "}
            <span className="text-faint" title={`${r.agreeing} of ${r.verifications} verification samples name this step`}>
              {r.agreeing}/{r.verifications}
            </span>
          </>
        ) : (
          <span className="text-faint">{r.verifications > 0 ? "none found" : ""}</span>
        )}
        {r.label !== null && (
          <span className="block text-sm text-soft">known: {r.label === "none" ? "no error" : `step ${r.label}`}</span>
        )}
      </td>
      <td className="whitespace-nowrap">
        {r.location !== null && <span className="text-intervention">at {r.location}</span>}
        {r.kept !== null && <span className={r.kept ? "text-success" : "text-faint"}> {r.kept ? "kept" : "dropped"}</span>}
        {r.leaked && <span className="text-uncertainty"> leaks</span>}
      </td>
      {(["prefix", "original", "intervention"] as const).map((arm) => (
        <td key={arm} className="text-end">
          <Rate of={r.rates[arm]} strong={arm === "intervention"} />
        </td>
      ))}
    </tr>
  );
}

/** Right of sampled; where nothing was sampled, a gap. */
function Rate({ of, strong }: { of: readonly [number, number] | null; strong: boolean }) {
  if (of === null || of[1] === 0) return null;
  return (
    <span className={of[0] > 0 ? (strong ? "font-semibold text-intervention" : "") : "text-faint"}>
      {of[0]}/{of[1]}
    </span>
  );
}
