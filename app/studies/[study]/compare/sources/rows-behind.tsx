"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { binWords } from "@/components/comparing/sources/nll-ridge";
import { partName } from "@/components/comparing/sources/words";
import { Button } from "@/components/ui/button";
import { count, figure, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import type { SourcesPage } from "@/server/core/views/comparing-sources";
import { type BehindBin, inputOf, type Question } from "./question";

/** The scored rows of a bin, each a link to the row as it is trained. */
export function RowsBehind(props: { page: SourcesPage; question: Question; bin: BehindBin; onClose: () => void }) {
  const { page, question, bin } = props;
  const trpc = useTRPC();
  const read = useQuery(trpc.compareSources.behind.queryOptions({ ...inputOf(page.study, question), ...bin, of: question.of }, { placeholderData: (before) => before }));
  const tokens = question.of === "tokens";
  return (
    <section id="rows-behind" aria-label="Rows behind the bin" className="mt-6 scroll-mt-14 border border-rule bg-raised p-4" aria-busy={read.isPlaceholderData}>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h3 className="text-base">
          {partName(bin.dataset, bin.part)}: {tokens ? "rows with tokens" : "rows"} {binWords(bin.bin)}{" "}
          {read.data !== undefined && <span className="text-faint">{plural(read.data.total, "row")}</span>}
        </h3>
        <Button tone="quiet" onClick={props.onClose}>
          Close
        </Button>
      </div>
      {read.error !== null && <Message tone="error">{read.error.message}</Message>}
      {read.data !== undefined && (
        <div className="max-h-80 overflow-auto" tabIndex={0} role="region" aria-label="Rows behind the bin, as a table">
          <table className="text-sm">
            <thead className="text-faint">
              <tr>
                <th scope="col" className="py-1 pe-6 text-start font-normal">Row</th>
                <th scope="col" className="py-1 pe-6 text-start font-normal">Problem</th>
                <th scope="col" className="py-1 pe-6 text-end font-normal">Tokens</th>
                <th scope="col" className="py-1 pe-6 text-end font-normal">NLL per token</th>
                {tokens && <th scope="col" className="py-1 text-end font-normal">Tokens in the bin</th>}
              </tr>
            </thead>
            <tbody>
              {read.data.rows.map((row) => (
                <tr key={row.ordinal} className="border-t border-rule">
                  <th scope="row" className="py-1 pe-6 text-start font-normal">
                    <Link href={`/studies/${encodeURIComponent(page.study)}/datasets/${encodeURIComponent(bin.dataset)}?row=${row.ordinal + 1}`}>
                      {count(row.ordinal + 1)}
                    </Link>
                  </th>
                  <td className="py-1 pe-6">{row.problem}</td>
                  <td className="py-1 pe-6 text-end">{count(row.tokens)}</td>
                  <td className="py-1 pe-6 text-end">{figure(row.mean)}</td>
                  {tokens && <td className="py-1 text-end">{count(row.inBin ?? 0)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
          {read.data.total === 0 && <p className="text-sm text-faint">No scored row stands in it.</p>}
          {read.data.total > read.data.rows.length && (
            <p className="pt-2 text-sm text-faint">The first {count(read.data.rows.length)} of {count(read.data.total)}.</p>
          )}
        </div>
      )}
    </section>
  );
}
