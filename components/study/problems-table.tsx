import Link from "next/link";
import type { ProblemRow } from "@/server/core/views/problems";
import { plainStart } from "../text/plain";
import { count } from "../ui/format";

/** The problems of a study. */
export function ProblemsTable({ rows, href }: { rows: readonly ProblemRow[]; href: (problemId: string) => string }) {
  const sets = new Set(rows.map((r) => r.problemSet)).size > 1;
  const levels = rows.some((r) => r.difficulty !== "");
  return (
    <div
      className="relative overflow-x-auto border-t border-ink"
      role="region"
      aria-label="Problems table"
      tabIndex={0}
    >
      <table className="w-full min-w-[44rem] table-fixed">
        <caption className="sr-only">Problems of this study</caption>
        <thead>
          <tr className="border-b border-rule text-sm text-faint [&>th]:py-1.5 [&>th]:pe-4">
            <th scope="col">Problem</th>
            <th scope="col" className="w-40">
              Answer
            </th>
            {sets && (
              <th scope="col" className="w-36">
                Set
              </th>
            )}
            {levels && (
              <th scope="col" className="w-24">
                Level
              </th>
            )}
            <th scope="col" className="w-24 text-end">
              Attempts
            </th>
            <th scope="col" className="w-24 text-end">
              Right
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr
              key={r.id}
              className="border-b border-rule hover:bg-sunken [&>td]:py-1.5 [&>td]:pe-4 [&>td]:align-baseline"
            >
              <td>
                <Link href={href(r.id)} className="flex min-w-0 gap-2 no-underline hover:underline">
                  <span className="w-8 shrink-0 text-end">{r.ordinal + 1}</span>
                  <span className="min-w-0 truncate font-serif">{plainStart(r.start, 160)}</span>
                </Link>
              </td>
              <td className="truncate font-mono text-sm" title={r.answer}>
                {r.answer}
              </td>
              {sets && <td className="truncate text-sm">{r.problemSet}</td>}
              {levels && <td className="truncate text-sm">{r.difficulty}</td>}
              <td className="text-end">{count(r.attempts)}</td>
              <td className="text-end">
                {r.graded > 0 ? (
                  <>
                    {count(r.correct)}
                    <span className="text-faint"> of {count(r.graded)}</span>
                  </>
                ) : (
                  <span className="sr-only">not graded</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
