import type { BranchView } from "@/server/core/views/branches";
import { cx } from "../ui/cx";
import { moment } from "../ui/format";
import { branchWords, settingsWords } from "./branch-words";

/** Earlier branches at an attempt: where, who, how, and what came of it. */
export function BranchList(props: {
  branches: readonly BranchView[];
  open: string | null;
  hrefOf: (branch: string) => string;
  onOpen: (branch: string) => void;
}) {
  if (props.branches.length === 0) return <p className="text-sm text-faint">Nobody has branched off here yet.</p>;
  return (
    <ol className="divide-y divide-rule border-y border-rule text-sm">
      {props.branches.map((b) => (
        <li key={b.id}>
          <a
            href={props.hrefOf(b.id)}
            aria-current={b.id === props.open || undefined}
            onClick={(e) => {
              if (e.metaKey || e.ctrlKey || e.shiftKey) return;
              e.preventDefault();
              props.onOpen(b.id);
            }}
            className={cx("block px-2 py-1.5 hover:bg-sunken", b.id === props.open && "bg-sunken")}
          >
            <span className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className={cx("font-medium", b.kind === "replace" && "text-intervention")}>
                {branchWords(b)}
                {b.hidden && <span className="font-normal text-faint"> (only you see it)</span>}
              </span>
              <span className="whitespace-nowrap tabular-nums">
                {b.state === "done" ? (
                  <>
                    <span className={b.correct > 0 ? "text-success" : ""}>{b.correct}</span> of {b.done} right
                  </>
                ) : (
                  `${b.done} of ${b.samples}, ${b.state}`
                )}
              </span>
            </span>
            <span className="block text-faint">
              {b.author ?? "anonymous"}, {settingsWords(b)}, {moment(b.createdAt)}
            </span>
          </a>
        </li>
      ))}
    </ol>
  );
}
