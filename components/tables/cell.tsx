import type { ReactNode } from "react";
import { type Cell, cellAs, type ListRow } from "@/server/core/lists/cells";
import { type Column, fixedOptions } from "@/server/core/lists/column";
import { plainStart } from "../text/plain";
import { count, figure, moment, percent } from "../ui/format";
import { RewardMark } from "../ui/reward-mark";
import { StateWord } from "../ui/state-word";

/** What a list needs of a link; the app passes Next's. */
export type LinkLike = (props: { href: string; className?: string; children: ReactNode }) => ReactNode;

interface Place {
  column: Column;
  cell: Cell;
  /** Where it leads; null: nowhere. */
  href: string | null;
  link: LinkLike;
  /** The row above says the same problem: rows that belong together say its statement once. */
  again: boolean;
  tagHref: (tag: string) => string;
}

/** One cell of a list. What is not known is a gap, not a zero. */
export function CellView(props: Place & { row: ListRow }) {
  const { href, link: Link } = props;
  const shown = content(props);
  if (shown === null) return <Gap />;
  if (href === null) return shown;
  return (
    <Link href={href} className="no-underline hover:underline">
      {shown}
    </Link>
  );
}

function content({ column, cell, again, tagHref, link: Link, href }: Place): ReactNode {
  if (cell === null) return null;
  switch (column.show) {
    case "text":
      return <span className="block truncate text-sm" title={String(cell)}>{String(cell)}</span>;
    case "excerpt":
      return <span className="block truncate font-serif">{plainStart(String(cell), 110)}</span>;
    case "mono":
      return <span className="block truncate font-mono text-xs" title={String(cell)}>{String(cell)}</span>;
    case "count":
      return count(Number(cell));
    case "figure":
      return figure(Number(cell));
    case "share":
      return percent(Number(cell));
    case "step":
      return <span className="whitespace-nowrap">{Number(cell)}</span>;
    case "moment": {
      const at = cellAs(column.show, cell);
      return at === null ? null : <span className="text-sm whitespace-nowrap text-soft">{moment(at)}</span>;
    }
    case "word":
      return <Word word={String(cell)} column={column} />;
    case "yes":
      return cell === true ? "yes" : <span className="text-faint">no</span>;
    case "statement": {
      const problem = cellAs(column.show, cell);
      if (problem === null) return null;
      return (
        <span className="flex min-w-0 gap-2">
          <span className={`w-9 shrink-0 text-end ${again ? "text-faint" : ""}`}>{problem.ordinal + 1}</span>
          <span className={`min-w-0 truncate font-serif ${again ? "text-faint" : ""}`}>{plainStart(problem.start, 110)}</span>
        </span>
      );
    }
    case "rate": {
      const rate = cellAs(column.show, cell);
      if (rate === null || rate.of === 0) return null;
      return (
        <span className={rate.right > 0 ? "whitespace-nowrap" : "whitespace-nowrap text-faint"}>
          {count(rate.right)}/{count(rate.of)}
        </span>
      );
    }
    case "reward": {
      const graded = cellAs(column.show, cell);
      return graded === null ? null : <RewardMark reward={graded.reward} cutOff={graded.cut} />;
    }
    case "first_error": {
      const found = cellAs(column.show, cell);
      if (found === null) return null;
      if (found.step === null) return <span className="text-faint">none found</span>;
      if (found.step === 0) return <span className="text-faint">no error</span>;
      return (
        <span className="whitespace-nowrap">
          <span className="text-error">step {found.step}</span>
          {found.of > 0 && (
            <span className="text-faint" title={`${found.agreeing} of ${found.of} verification samples name this step`}>
              {" "}
              {found.agreeing}/{found.of}
            </span>
          )}
        </span>
      );
    }
    case "tags": {
      const tags = cellAs(column.show, cell) ?? [];
      if (tags.length === 0) return null;
      return (
        <span className="flex flex-wrap gap-x-2 gap-y-0.5 text-sm">
          {tags.map((tag) => (
            <Link key={tag} href={tagHref(tag)} className="max-w-full truncate">
              {tag}
            </Link>
          ))}
        </span>
      );
    }
    case "link": {
      const to = cellAs(column.show, cell);
      return to === null ? null : <span className={`block truncate ${href === null ? "" : "font-medium"}`}>{to.label}</span>;
    }
    case "state": {
      const state = cellAs(column.show, cell);
      if (state === null) return null;
      return (
        <span className="inline-flex items-baseline gap-2">
          <StateWord state={STATE[state.word] ?? state.word} word={state.word} />
          {state.total !== null && state.total > 0 && state.done !== null && (
            <span className="text-sm whitespace-nowrap text-faint">
              {count(state.done)} / {count(state.total)}
            </span>
          )}
        </span>
      );
    }
  }
}

/** States of data sets in the words of runs, whose marks they take. */
const STATE: Record<string, string> = { ready: "done", building: "running" };

const TONE: Record<string, string> = { kept: "text-success", dropped: "text-faint", waiting: "text-faint" };

function Word({ word, column }: { word: string; column: Column }) {
  const words = fixedOptions(column)?.find(([value]) => value === word)?.[1] ?? word;
  return <span className={`block truncate text-sm ${TONE[word] ?? ""}`}>{words}</span>;
}

/** Nothing is known here: a gap, not a zero. */
function Gap() {
  return (
    <span className="text-faint">
      <span aria-hidden>—</span>
      <span className="sr-only">none</span>
    </span>
  );
}
