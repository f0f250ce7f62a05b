"use client";
import { useDeferredValue, useMemo } from "react";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import type { PublishedProblemRow, PublishedStudy } from "@/server/core/views/publication";
import { hrefOf, replaceSearch, usePlace } from "./address";
import { useIndex } from "./data";
import { Find, Pages } from "./fields";
import { Frame } from "./frame";
import { foundProblems, startOf } from "./lists";

const PAGE = 100;

/** The problems of a publication; each leads to its attempts. */
export function ProblemsPage({ study }: { study: PublishedStudy }) {
  const { search } = usePlace();
  const find = search.get("find") ?? "";
  const shown = useDeferredValue(find);
  const problems = useIndex<PublishedProblemRow>("problems", study.files.problems);
  const found = useMemo(() => (problems.data === undefined ? null : foundProblems(problems.data, shown)), [problems.data, shown]);
  const sets = new Set(found?.map((p) => p.set)).size > 1;
  const pages = Math.max(1, Math.ceil((found?.length ?? 0) / PAGE));
  const page = Math.min(pages - 1, Math.max(0, Number(search.get("page") ?? "1") - 1 || 0));
  const ask = (value: string) =>
    replaceSearch((s) => {
      s.delete("page");
      if (value === "") s.delete("find");
      else s.set("find", value);
    });
  return (
    <Frame study={study} title="Problems" crumbs={[{ label: "problems", href: hrefOf(["problems"]) }]}>
      <h1 className="text-2xl">Problems</h1>
      <form
        className="mt-4 mb-3 flex flex-wrap items-center gap-x-5 gap-y-2 text-sm"
        role="search"
        onSubmit={(e) => e.preventDefault()}
      >
        <Find value={find} label="Find" onChange={ask} />
        <p className="text-faint" role="status">
          {found === null ? "Reading…" : plural(found.length, "problem")}
        </p>
      </form>
      {problems.error !== null && <Message tone="error">{problems.error.message}</Message>}
      {found !== null && found.length > 0 && (
        <div className="relative overflow-x-auto border-t border-ink" role="region" aria-label="Problems table" tabIndex={0}>
          <table className="w-full min-w-[44rem] table-fixed">
            <caption className="sr-only">Problems of this publication</caption>
            <thead>
              <tr className="border-b border-rule text-sm text-faint [&>th]:py-1.5 [&>th]:pe-4">
                <th scope="col">Problem</th>
                <th scope="col" className="w-40">Answer</th>
                {sets && <th scope="col" className="w-36">Set</th>}
                <th scope="col" className="w-24 text-end">Attempts</th>
                <th scope="col" className="w-28 text-end">Right</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(page * PAGE, (page + 1) * PAGE).map((p) => (
                <tr key={p.id} className="border-b border-rule hover:bg-sunken [&>td]:py-1.5 [&>td]:pe-4 [&>td]:align-baseline">
                  <td>
                    <a href={hrefOf(["attempts"], new URLSearchParams({ problem: p.id }))} className="flex min-w-0 gap-2 no-underline hover:underline">
                      <span className="w-8 shrink-0 text-end">{p.ordinal + 1}</span>
                      <span className="min-w-0 truncate font-serif">{startOf(p)}</span>
                    </a>
                  </td>
                  <td className="truncate font-mono text-sm" title={p.answer}>{p.answer}</td>
                  {sets && <td className="truncate text-sm">{p.set}</td>}
                  <td className="text-end">{count(p.attempts)}</td>
                  <td className="text-end">
                    {p.graded > 0 && (
                      <>
                        {count(p.correct)}
                        <span className="text-faint"> of {count(p.graded)}</span>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found !== null && found.length === 0 && <p className="text-faint">No problem is like that.</p>}
      <Pages page={page} pages={pages} onPage={(to) => replaceSearch((s) => (to === 0 ? s.delete("page") : s.set("page", String(to + 1))))} />
    </Frame>
  );
}
