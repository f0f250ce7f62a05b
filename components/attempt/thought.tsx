import type { ThinkRange } from "../text/think";
import { plural } from "../ui/format";

/** The title of a block of thinking, in whose place its steps are while it is folded. */
export function Thought(props: {
  range: ThinkRange;
  unfolded: boolean;
  onUnfold: ((unfolded: boolean) => void) | undefined;
  hits: ReadonlyMap<number, number>;
}) {
  const { from, to, closed } = props.range;
  let hits = 0;
  for (const [step, n] of props.hits) if (from <= step && step <= to) hits += n;
  return (
    <div className="py-1 ps-2 sm:ps-3">
      <button
        type="button"
        aria-expanded={props.unfolded}
        disabled={props.onUnfold === undefined}
        onClick={() => props.onUnfold?.(!props.unfolded)}
        className="flex min-h-8 flex-wrap items-center gap-x-2 text-start text-sm font-medium text-soft hover:text-ink"
      >
        <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden className={props.unfolded ? "rotate-90" : ""}>
          <path d="M2 0.5 6 4 2 7.5z" fill="currentColor" />
        </svg>
        Thinking: {from === to ? `step ${from}` : `steps ${from} to ${to}`}
        {!closed && <span className="font-normal text-uncertainty">cut off before the answer</span>}
        {hits > 0 && !props.unfolded && (
          <span className="rounded-xs bg-uncertainty-wash px-1 font-normal text-uncertainty">
            {plural(hits, "hit")}
          </span>
        )}
      </button>
    </div>
  );
}
