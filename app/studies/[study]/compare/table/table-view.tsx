"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { ChartFrame } from "@/components/charts/frame";
import type { ChartTable } from "@/components/charts/table";
import { Tools } from "@/components/charts/tools";
import { ColumnChoice } from "@/components/comparing/column-choice";
import { DifferenceChart } from "@/components/comparing/difference-chart";
import { cellsOf, finalCsv, headsOf, sortedRows } from "@/components/comparing/final-figures";
import { FinalTable } from "@/components/comparing/final-table";
import { PublishedTable } from "@/components/comparing/published-table";
import { Disclosure } from "@/components/ui/disclosure";
import { SelectField } from "@/components/ui/fields";
import { count } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import type { FinalRow, FinalTable as Table } from "@/server/core/views/comparing-table";
import { inputOf, questionOf } from "./question";

/** The final table with any choice of benchmarks, k and baseline, and the paper's own apart. */
export function TableView({ study }: { study: string }) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const question = questionOf(new URLSearchParams(params));
  const read = useQuery(
    trpc.compareTable.get.queryOptions(inputOf(study, question), {
      placeholderData: (before) => before,
      refetchInterval: (q) => (q.state.data?.rows.some((r) => r.atWork) ? 15_000 : false),
    }),
  );
  const table = read.data;
  if (table === undefined) return read.error ? <Message tone="error">{read.error.message}</Message> : null;
  const base = `/studies/${encodeURIComponent(study)}`;
  return (
    <div className="space-y-12">
      {read.error !== null && <Message tone="uncertainty">What you see may be out of date. {read.error.message}</Message>}
      {table.rows.length === 0 ? (
        <Section title="Final table">
          <p className="max-w-prose text-soft">
            Nothing was evaluated yet. Start an evaluation of a model, or a chain that ends with one, on the page of{" "}
            <Link href={`${base}/training`}>trainings</Link>; the base model’s is the row that every other one is compared with.
          </p>
        </Section>
      ) : (
        <Figures table={table} base={base} question={question} pending={read.isPlaceholderData} />
      )}
      <PublishedTable />
    </div>
  );
}

function Figures(props: { table: Table; base: string; question: ReturnType<typeof questionOf>; pending: boolean }) {
  const { table, base, question } = props;
  const heads = headsOf(table);
  const sort = question.sort !== null && question.sort < heads.length ? question.sort : null;
  const rows = sortedRows(table.rows, sort, question.descending);
  const hrefOf = (runs: readonly string[]) => `${base}/attempts?run=${runs.join(",")}`;
  const onSort = (column: number | null) =>
    replaceSearch((search) => {
      const ascending = column !== null && column === sort && question.descending;
      search.delete("dir");
      if (column === null) search.delete("sort");
      else search.set("sort", String(column));
      if (ascending) search.set("dir", "asc");
    });
  return (
    <>
      <Section
        title="Final table"
        note={`pass@k, mean over problems of the mean over seeds; 95 % bootstrap over problems, ${count(table.resamples)} resamples`}
      >
        {table.passedOver.length > 0 && (
          <Message tone="uncertainty">The address names what is not there: {table.passedOver.map((name) => `“${name}”`).join(", ")}.</Message>
        )}
        <div className="mb-4 flex flex-wrap items-start gap-x-10 gap-y-3">
          <SelectField
            label="Differences to"
            value={table.baseline ?? ""}
            options={table.rows.map((r) => [r.label, r.label] as const)}
            onChange={(label) => replaceSearch((search) => search.set("baseline", label))}
          />
          {/* Its table scrolls by itself on a phone. */}
          <div className="max-w-full min-w-0">
            <Disclosure title={`Benchmarks and k: ${table.columns.length} chosen`}>
              <ColumnChoice
                sets={table.sets}
                columns={table.columns}
                onChange={(columns) =>
                  replaceSearch((search) => {
                    search.delete("col");
                    // Another column may stand at this number now.
                    search.delete("sort");
                    search.delete("dir");
                    for (const { k, set } of columns) search.append("col", `${k}:${set}`);
                  })
                }
              />
            </Disclosure>
          </div>
        </div>
        <div id="final-table" className={`scroll-mt-14 ${props.pending ? "opacity-60" : ""}`} aria-busy={props.pending}>
          <FinalTable
            table={table}
            rows={rows}
            sorting={{ column: sort, descending: question.descending }}
            onSort={onSort}
            hrefOf={hrefOf}
          />
        </div>
        <div className="mt-2">
          <Tools title="Final table" file="final-table" table={() => finalCsv(table, rows)} />
        </div>
        <p className="mt-3 max-w-prose text-sm text-faint">
          The problem is the unit: an interval says how far other problems of this kind would move the figure, not how far other
          seeds would; that stands in a row’s seeds. Differences are in percentage points on the problems that both rows have, p by
          sign-flip permutation, Holm-corrected over the rows of a column. “best” only where the paired interval against every
          other row is above 0. n = problems × samples of each × models.
        </p>
      </Section>
      <Differences table={table} rows={rows} column={sort ?? defaultColumn(table)} hrefOf={hrefOf} />
    </>
  );
}

/** The average, else the first column. */
const defaultColumn = (table: Table) => (table.averages.length > 0 ? table.columns.length : 0);

function Differences(props: { table: Table; rows: readonly FinalRow[]; column: number; hrefOf: (runs: readonly string[]) => string }) {
  const { table, rows, column } = props;
  const head = headsOf(table)[column] ?? "";
  const data: ChartTable = {
    columns: [
      { key: "row", label: "Run" },
      { key: "difference", label: `Difference to ${table.baseline}`, kind: "points" },
      { key: "low", label: "Low 95 %", kind: "points" },
      { key: "high", label: "High 95 %", kind: "points" },
      { key: "problems", label: "Problems", kind: "count" },
      { key: "p", label: "p (Holm)", kind: "figure" },
    ],
    rows: rows.flatMap((row) => {
      const cell = cellsOf(row)[column];
      if (row.baseline || cell?.kind !== "value" || cell.against === null) return [];
      const { difference, problems, adjusted } = cell.against;
      // An average has no rows of its own.
      const own = row.cells[column];
      const name = { value: row.label, href: own?.kind === "value" ? props.hrefOf(own.runs) : undefined };
      return [{ row: name, difference: difference.value, low: difference.low, high: difference.high, problems, p: adjusted }];
    }),
  };
  const problems = [...new Set(data.rows.map((r) => Number(r.problems)))];
  const over = problems.length === 0 ? "" : `${problems.length === 1 ? count(problems[0] ?? 0) : `${count(Math.min(...problems))} to ${count(Math.max(...problems))}`} problems that both rows have; `;
  return (
    <ChartFrame
      title={`Differences to ${table.baseline}: ${head}`}
      note={`Percentage points, ${over}95 % paired bootstrap over problems. The column is the one that the table is sorted by.`}
      file="differences"
      table={() => data}
      {...(data.rows.length === 0 ? { empty: `No other row has a value of ${head} on problems that ${table.baseline} has, too.` } : {})}
    >
      <DifferenceChart rows={rows} column={column} />
    </ChartFrame>
  );
}
