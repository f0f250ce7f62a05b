"use client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { attemptQueryOf, replaceSearch, searchOf, withMark } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { locatedWords } from "@/components/localisation/words";
import type { Shown } from "@/components/study/attempt-columns";
import { AttemptFilters } from "@/components/study/attempt-filters";
import { AttemptsTable } from "@/components/study/attempts-table";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { AttemptQuery, AttemptRow } from "@/server/core/views/attempts";

/** The attempts of a study; filters and order stand in the address. `expected`: how many the counters know of. */
export function AttemptsSection(props: { study: string; href: string; expected: number; shown: Shown }) {
  const { study, href, expected } = props;
  const trpc = useTRPC();
  const params = useSearchParams();
  const query = useMemo(() => attemptQueryOf(new URLSearchParams(params)), [params]);
  const list = useInfiniteQuery(
    trpc.attempts.list.infiniteQueryOptions(
      { study, query },
      { getNextPageParam: (page) => page.next, placeholderData: keepPreviousData },
    ),
  );
  const found = useQuery(trpc.attempts.count.queryOptions({ study, query }, { placeholderData: keepPreviousData }));
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.rows) ?? [], [list.data]);
  const search = withMark(searchOf(query));
  const hrefOf = useCallback((row: AttemptRow) => `${href}/attempts/${row.id}${search}`, [href, search]);
  const filtered =
    query.reward !== undefined ||
    query.proposal !== undefined ||
    query.problem !== undefined ||
    query.located !== undefined;
  return (
    <Section
      title="Attempts"
      note={
        found.data && (found.data.more ? `more than ${count(found.data.count)}` : plural(found.data.count, "attempt"))
      }
      aside={
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <AttemptFilters
            filters={query}
            proposals={props.shown.run}
            onChange={(filters) => change({ ...query, ...filters })}
          />
          <Link href={queueHref(href, query)} className="text-sm">
            Make a queue of these
          </Link>
        </div>
      }
    >
      {query.problem !== undefined && (
        <p className="mb-2 text-sm text-soft">
          Only attempts at one problem.{" "}
          <Button tone="quiet" onClick={() => change({ ...query, problem: undefined })}>
            Show all
          </Button>
        </p>
      )}
      {query.located !== undefined && (
        <p className="mb-2 text-sm text-soft">
          Only attempts {locatedWords(query.located)}.{" "}
          <Button tone="quiet" onClick={() => change({ ...query, located: undefined })}>
            Show all
          </Button>
        </p>
      )}
      {list.error !== null && (
        <Message tone="error" action={<Button onClick={() => list.refetch()}>Try again</Button>}>
          {list.error.message}
        </Message>
      )}
      {rows.length > 0 ? (
        <AttemptsTable
          rows={rows}
          query={query}
          onSort={(sort) => change({ ...query, ...sort })}
          href={hrefOf}
          link={Link}
          shown={props.shown}
          stale={list.isPlaceholderData}
        />
      ) : (
        !list.error && (
          <Empty
            loading={list.isPending}
            filtered={filtered}
            expected={expected}
            onClear={() => change({ sort: query.sort, dir: query.dir })}
          />
        )
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

/** The form of a new queue with the table's filters. */
function queueHref(href: string, query: AttemptQuery): string {
  const search = searchOf(query);
  search.set("new", "1");
  return `${href}/queues?${search.toString()}`;
}

function change(query: AttemptQuery): void {
  const next = searchOf(query);
  replaceSearch((search) => {
    for (const field of ["run", "problem", "reward", "proposal", "located", "sort", "dir"]) search.delete(field);
    for (const [k, v] of next) search.set(k, v);
  });
}

function Empty(props: { loading: boolean; filtered: boolean; expected: number; onClear: () => void }) {
  if (props.loading) return <p className="text-faint">Reading…</p>;
  if (props.filtered) {
    return (
      <p className="text-faint">
        No attempt is like this.{" "}
        <Button tone="quiet" onClick={props.onClear}>
          Take the filters away
        </Button>
      </p>
    );
  }
  return (
    <p className="text-faint">
      {props.expected > 0 ? "They are being written." : "No attempt has been sampled or imported yet."}
    </p>
  );
}
