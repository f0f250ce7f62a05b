"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useCallback, useMemo } from "react";
import { useTRPC } from "@/app/trpc/client";
import { useAddressForm } from "@/app/use-address-form";
import { amongWords } from "@/components/comparing/among-words";
import { locatedWords } from "@/components/localisation/words";
import { ColumnMenu } from "@/components/tables/column-menu";
import { DataTable } from "@/components/tables/data-table";
import { FilterBar } from "@/components/tables/filter-bar";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import type { ListCount, ListRow } from "@/server/core/lists/cells";
import type { Filter } from "@/server/core/lists/filter";
import { filterCount, filterWords, type ListQuery, searchOfQuery, shownColumns } from "@/server/core/lists/query";
import { type ListName, specOf } from "@/server/core/lists/tables";
import { hrefIn } from "./hrefs";
import { ChosenRows } from "./chosen-rows";
import { Views } from "./views";
import { type Asked, askedOf, besides, searchOfAsked } from "./question";
import { useChosen } from "./use-chosen";

/** A list with its filters, columns, saved views and what can be done with its rows. Its question stands in the address. */
export function ListView(props: {
  study: string;
  list: ListName;
  /** Said where the study has no such row at all. */
  empty: ReactNode;
  /** Buttons of the page's own, beside the count. */
  aside?: ReactNode;
  heading?: "h1" | "h2";
}) {
  const { study, list } = props;
  const spec = specOf(list);
  const trpc = useTRPC();
  const base = `/studies/${encodeURIComponent(study)}`;
  const [asked, change] = useAddressForm(
    useCallback((search: URLSearchParams) => askedOf(list, search), [list]),
    useCallback(
      (next: Asked) => new URLSearchParams([...besides(list, new URLSearchParams(window.location.search)), ...searchOfAsked(list, next)]),
      [list],
    ),
  );
  const { query } = asked;
  const ask = (next: Partial<ListQuery>) => change({ query: { ...query, ...next }, after: null, before: null });
  const head = useQuery(trpc.lists.head.queryOptions({ study, list }));
  const page = useQuery(
    trpc.lists.page.queryOptions({ study, list, search: searchOfAsked(list, asked).toString() }, { placeholderData: keepPreviousData }),
  );
  const filters = searchOfQuery(list, { filters: query.filters, sort: [], columns: null }).toString();
  const found = useQuery(trpc.lists.count.queryOptions({ study, list, search: filters }, { placeholderData: keepPreviousData }));
  const search = searchOfQuery(list, query).toString();
  const chosen = useChosen(filters, search);
  const shown = useMemo(() => shownColumns(list, query), [list, query]);
  const rows = page.data?.rows ?? [];
  const [previous, next] = [page.data?.previous ?? null, page.data?.next ?? null];
  const href = useCallback((column: string, row: ListRow) => hrefIn(list, { base, column, row, search }), [list, base, search]);
  const tagHref = useCallback(
    (tag: string) =>
      `${base}/${list}?${searchOfQuery(list, { ...query, filters: { ...query.filters, tag: { is: "in", values: [tag] } } }).toString()}`,
    [base, list, query],
  );
  const words = (id: string, filter: Filter) => wordsOf(list, id, filter, rows);
  const Heading = props.heading ?? "h1";
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2">
        <div className="flex flex-wrap items-baseline gap-x-4">
          <Heading className="text-2xl">{spec.title}</Heading>
          <p role="status" className="text-sm text-faint">
            {found.data === undefined ? "Counting…" : countWords(found.data, spec.one, spec.many)}
          </p>
        </div>
        {props.aside}
      </div>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <FilterBar
          spec={spec}
          filters={query.filters}
          choices={head.data?.choices ?? {}}
          words={words}
          onChange={(next) => ask({ filters: next })}
        />
        <div className="flex flex-wrap items-center gap-2">
          <ColumnMenu spec={spec} shown={shown} onChange={(columns) => change({ ...asked, query: { ...query, columns } })} />
          <Views study={study} list={list} base={base} search={search} />
        </div>
      </div>
      {chosen.selection !== null && (
        <ChosenRows
          study={study}
          list={list}
          base={base}
          selection={chosen.selection}
          found={found.data ?? null}
          filters={filters}
          tags={head.data?.choices.tags ?? []}
          onAll={chosen.chooseAll}
          onNone={chosen.chooseNone}
        />
      )}
      {page.error !== null && (
        <Message tone="error" action={<Button onClick={() => page.refetch()}>Try again</Button>}>
          {page.error.message}
        </Message>
      )}
      {rows.length > 0 ? (
        <DataTable
          spec={spec}
          rows={rows}
          shown={shown}
          sort={query.sort}
          onSort={(sort) => ask({ sort })}
          chosen={chosen.has}
          onChoose={chosen.choose}
          href={href}
          tagHref={tagHref}
          link={Link}
          stale={page.isPlaceholderData}
        />
      ) : (
        page.error === null && (
          <div className="border-t border-ink pt-3 text-faint">
            {page.isPending ? (
              <p>Reading…</p>
            ) : filterCount(query) > 0 ? (
              <p>
                No {spec.one} is like this.{" "}
                <Button tone="quiet" onClick={() => ask({ filters: {} })}>
                  Take the filters away
                </Button>
              </p>
            ) : (
              props.empty
            )}
          </div>
        )
      )}
      {(previous !== null || next !== null) && (
        <nav aria-label={`Pages of ${spec.many}`} className="flex flex-wrap gap-2">
          <Button disabled={asked.after === null && asked.before === null} onClick={() => change({ query, after: null, before: null })}>
            First
          </Button>
          <Button disabled={previous === null} onClick={() => change({ query, after: null, before: previous })}>
            Previous
          </Button>
          <Button disabled={next === null} onClick={() => change({ query, after: next, before: null })}>
            Next
          </Button>
        </nav>
      )}
    </div>
  );
}

function countWords(found: ListCount, one: string, many: string): string {
  return found.exact ? plural(found.count, one, many) : `about ${count(Number(found.count.toPrecision(2)))} ${many}`;
}

/** A filter in words. A problem is called by its number where a row on the page knows it. */
function wordsOf(list: ListName, id: string, filter: Filter, rows: readonly ListRow[]): string {
  if (id === "located" && filter.is === "has") return locatedWords(filter.text);
  if (id === "among" && filter.is === "has") return amongWords(list, filter.text);
  if (specOf(list).columns[id]?.type !== "id") return filterWords(list, id, filter);
  return filterWords(list, id, filter, (value) => {
    const row = rows.find((r) => r.ref.problem === value);
    const cell = id === "problem" && row !== undefined ? row.cells.problem : null;
    if (cell !== null && cell !== undefined && typeof cell === "object" && "ordinal" in cell) return String(cell.ordinal + 1);
    return `…${value.slice(-6)}`;
  });
}
