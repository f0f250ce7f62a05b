import { createColumnHelper, rowSortingFeature, tableFeatures } from "@tanstack/react-table";
import type { ArmRate, AttemptRow } from "@/server/core/views/attempts";
import { plainStart } from "../text/plain";
import { count } from "../ui/format";
import { RewardMark } from "../ui/reward-mark";

/** Sorting is the server's: the table keeps its state alone. */
export const attemptFeatures = tableFeatures({ rowSortingFeature });

const helper = createColumnHelper<typeof attemptFeatures, AttemptRow>();

/** Columns that some studies have nothing for. */
export interface Shown {
  /** Attempts of several models stand in the study. */
  model: boolean;
  /** A recipe was started: there are, or will be, proposals and continuations. */
  run: boolean;
}

/** Whether a column is shown. */
export function isShown(columnId: string, shown: Shown): boolean {
  if (columnId === "model") return shown.model;
  return shown.run || !["proposal", "prefix", "original", "intervention"].includes(columnId);
}

/** The columns of the attempts table. A column's id, where it sorts, is its name in ATTEMPT_SORTS. */
export const attemptColumns = (href: (row: AttemptRow) => string, Link: LinkLike) =>
  helper.columns([
    helper.accessor("problemOrdinal", {
      id: "problem",
      header: "Problem",
      cell: ({ row: { original: r, index }, table }) => {
        // Attempts at one problem stand together: its statement is said once, the others only point at it.
        const again = index > 0 && table.getRowModel().rows[index - 1]?.original.problemId === r.problemId;
        return (
          <Link href={href(r)} className="flex min-w-0 gap-2 no-underline hover:underline">
            <span className={`w-8 shrink-0 text-end ${again ? "text-faint" : ""}`}>{r.problemOrdinal + 1}</span>
            <span className={`min-w-0 truncate font-serif ${again ? "text-faint" : ""}`}>
              {plainStart(r.problemStart, 110)}
            </span>
          </Link>
        );
      },
    }),
    helper.accessor("model", {
      id: "model",
      header: "Model",
      enableSorting: false,
      cell: ({ getValue }) => <span className="block truncate text-sm text-soft">{getValue()}</span>,
    }),
    helper.accessor("sampleIndex", {
      header: "Sample",
      enableSorting: false,
      cell: ({ getValue }) => getValue() + 1,
      meta: { numeric: true },
    }),
    helper.accessor("reward", {
      id: "reward",
      header: "Answer",
      cell: ({ getValue, row: { original: r } }) => (
        <RewardMark reward={getValue()} cutOff={r.finishReason === "length"} />
      ),
    }),
    helper.accessor("steps", {
      id: "steps",
      header: "Steps",
      cell: ({ getValue }) => count(getValue()),
      meta: { numeric: true },
    }),
    helper.accessor("tokens", {
      id: "tokens",
      header: "Tokens",
      cell: ({ getValue }) => (getValue() > 0 ? count(getValue()) : <Gap />),
      meta: { numeric: true },
    }),
    helper.accessor("firstError", {
      id: "error",
      header: "First error",
      cell: ({ row: { original: r } }) => <FirstError row={r} />,
    }),
    helper.display({
      id: "proposal",
      header: "Proposal",
      cell: ({ row: { original: r } }) => <ProposalCell row={r} />,
    }),
    helper.display({
      id: "prefix",
      header: "Prefix",
      cell: ({ row: { original: r } }) => <Rate of={r.arms.prefix} />,
      meta: { numeric: true },
    }),
    helper.display({
      id: "original",
      header: "Original",
      cell: ({ row: { original: r } }) => <Rate of={r.arms.original} />,
      meta: { numeric: true },
    }),
    helper.display({
      id: "intervention",
      header: "Intervention",
      cell: ({ row: { original: r } }) => <Rate of={r.arms.intervention} strong />,
      meta: { numeric: true },
    }),
  ]);

/** What the table needs of a link; the app passes Next's. */
export type LinkLike = (props: { href: string; className?: string; children: React.ReactNode }) => React.ReactNode;

/** Read from `column.columnDef.meta`. */
export interface ColumnLooks {
  numeric?: boolean;
}

function FirstError({ row: r }: { row: AttemptRow }) {
  return (
    <span className="whitespace-nowrap">
      {r.firstError !== null ? (
        <>
          <span className="text-error">step {r.firstError}</span>
          <span
            className="text-faint"
            title={`${r.agreeing} of ${r.verifications} verification samples name this step`}
          >
            {" "}
            {r.agreeing}/{r.verifications}
          </span>
        </>
      ) : (
        <Gap>{r.verifications > 0 ? "none found" : null}</Gap>
      )}
      {r.label !== null && (
        <span className="block text-sm text-soft">{r.labelBy}: {r.label === "none" ? "no error" : `step ${r.label}`}</span>
      )}
    </span>
  );
}

function ProposalCell({ row: { proposal: p } }: { row: AttemptRow }) {
  if (p === null) return <Gap />;
  return (
    <span className="whitespace-nowrap">
      <span className="text-intervention">at {p.location}</span>
      {p.kept !== null && (
        <span className={p.kept ? "text-success" : "text-faint"}> {p.kept ? "kept" : "dropped"}</span>
      )}
      {p.leaked && <span className="text-uncertainty"> leaks</span>}
    </span>
  );
}

function Rate({ of, strong = false }: { of: ArmRate | null; strong?: boolean }) {
  if (of === null || of.samples === 0) return <Gap />;
  return (
    <span className={of.correct > 0 ? (strong ? "font-semibold text-intervention" : "") : "text-faint"}>
      {of.correct}/{of.samples}
    </span>
  );
}

/** Nothing is known here: a gap, not a zero. */
function Gap({ children }: { children?: React.ReactNode }) {
  return <span className="text-faint">{children ?? <span className="sr-only">not known yet</span>}</span>;
}
