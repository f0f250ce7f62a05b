"use client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { RowsTable } from "@/components/datasets/rows-table";
import { TrainedRow } from "@/components/datasets/trained-row";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { DatasetRowCard, DatasetView } from "@/server/core/datasets/view";

/** The rows of a data set. The one that is read stands in the address, counted from 1. */
export function RowsSection({ study, dataset }: { study: string; dataset: DatasetView }) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const shown = Number(params.get("row"));
  const open = Number.isInteger(shown) && shown >= 1 && shown <= dataset.rows ? shown - 1 : null;
  const list = useInfiniteQuery(
    trpc.datasets.rows.infiniteQueryOptions(
      { study, dataset: dataset.name },
      // Rows of a ready data set never change.
      { getNextPageParam: (page) => page.next, meta: { fixed: dataset.state === "ready" } },
    ),
  );
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.rows) ?? [], [list.data]);
  const base = `/studies/${encodeURIComponent(study)}`;
  const hrefOf = useCallback(
    (row: DatasetRowCard) => (row.attemptId === null ? `${base}?problem=${row.problemId}` : `${base}/attempts/${row.attemptId}`),
    [base],
  );
  return (
    <Section title="Rows" note={plural(dataset.rows, "row")}>
      {open !== null && <OpenRow study={study} dataset={dataset} ordinal={open} href={hrefOf} />}
      {list.error !== null && (
        <Message tone="error" action={<Button onClick={() => list.refetch()}>Try again</Button>}>
          {list.error.message}
        </Message>
      )}
      {rows.length > 0 ? (
        <RowsTable rows={rows} open={open} onOpen={showRow} href={hrefOf} link={Link} counted={dataset.tokens !== null} />
      ) : (
        <p className="text-faint">
          {list.isPending
            ? "Reading…"
            : dataset.state === "building"
              ? "They are being written."
              : "There is no row in it: the counts above say why."}
        </p>
      )}
      {list.hasNextPage && (
        <p className="pt-3">
          <Button onClick={() => list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {list.isFetchingNextPage ? "Reading…" : "Show more"}
          </Button>
        </p>
      )}
    </Section>
  );
}

function OpenRow(props: {
  study: string;
  dataset: DatasetView;
  ordinal: number;
  href: (row: DatasetRowCard) => string;
}) {
  const { study, dataset, ordinal } = props;
  const trpc = useTRPC();
  const row = useQuery(
    trpc.datasets.row.queryOptions(
      { study, dataset: dataset.name, ordinal },
      { placeholderData: keepPreviousData, meta: { fixed: true } },
    ),
  );
  const place = useRef<HTMLElement>(null);
  // Whoever opens a row far down in the table is brought to it; one that is in view stays where it is.
  useEffect(() => {
    if (ordinal >= 0) place.current?.scrollIntoView({ block: "nearest" });
  }, [ordinal]);
  return (
    <section
      ref={place}
      aria-label={`Row ${ordinal + 1}`}
      className="mb-6 scroll-mt-14 border border-rule bg-raised p-4"
      aria-busy={row.isPlaceholderData}
    >
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h3 className="text-lg">
          Row {count(ordinal + 1)} <span className="text-faint">of {count(dataset.rows)}</span>
        </h3>
        <div className="flex gap-3">
          <Button disabled={ordinal === 0} onClick={() => showRow(ordinal - 1)}>
            Previous
          </Button>
          <Button disabled={ordinal + 1 >= dataset.rows} onClick={() => showRow(ordinal + 1)}>
            Next
          </Button>
          <Button tone="quiet" onClick={() => showRow(null)}>
            Close
          </Button>
        </div>
      </div>
      {row.error !== null && <Message tone="error">{row.error.message}</Message>}
      {row.data !== undefined ? (
        <TrainedRow
          row={row.data}
          source={dataset.source}
          href={props.href(row.data)}
          itemHref={(queueId, itemId) => `/studies/${encodeURIComponent(study)}/queues/${queueId}/items/${itemId}`}
          link={Link}
        />
      ) : (
        row.error === null && <p className="text-faint">Reading…</p>
      )}
    </section>
  );
}

function showRow(ordinal: number | null): void {
  replaceSearch((search) => {
    if (ordinal === null) search.delete("row");
    else search.set("row", String(ordinal + 1));
  });
}
