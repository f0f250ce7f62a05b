import { cx } from "../ui/cx";
import type { StepLook } from "./prepare";

/**
 * The whole attempt at a glance: a tick per step. Width says what stands there (a mark is wide), colour says what it
 * is. One tab stop; j and k move.
 */
export function Rail(props: { steps: readonly StepLook[]; current: number | null; onGo: (step: number) => void }) {
  return (
    <nav aria-label="Steps at a glance" className="flex h-full flex-col">
      <ol className="flex min-h-0 flex-1 flex-col">
        {props.steps.map((s) => {
          const isCurrent = s.n === props.current;
          const marked = s.firstError || s.replaced || s.people.length > 0;
          return (
            <li key={s.n} className="relative flex max-h-6 min-h-px flex-1">
              <a
                href={`#step-${s.n}`}
                tabIndex={s.n === (props.current ?? 1) ? 0 : -1}
                aria-current={isCurrent ? "step" : undefined}
                aria-label={describe(s)}
                title={describe(s)}
                onClick={(e) => {
                  e.preventDefault();
                  props.onGo(s.n);
                }}
                className="group flex w-full items-center gap-1"
              >
                <span
                  className={cx(
                    "block rounded-full transition-[width] group-hover:w-5",
                    marked ? "h-[3px] w-5" : s.verdict === "unclear" ? "h-[2px] w-4" : "h-[2px] w-3",
                    colour(s),
                  )}
                />
                {isCurrent && (
                  <svg width="5" height="8" viewBox="0 0 5 8" aria-hidden className="absolute end-0">
                    <path d="M5 0v8L0 4z" fill="var(--ink)" />
                  </svg>
                )}
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function colour(s: StepLook): string {
  if (s.firstError || s.verdict === "incorrect") return "bg-error";
  if (s.replaced) return "bg-intervention";
  if (s.people.length > 0) return "bg-ink";
  if (s.verdict === "unclear") return "bg-uncertainty";
  if (s.verdict === "correct") return s.dropped ? "bg-success/40" : "bg-success";
  return "bg-edge/50";
}

function describe(s: StepLook): string {
  const words = [
    s.firstError && "first error",
    s.replaced && "replaced by the intervention",
    s.people.length > 0 && `first error by ${s.people.join(", ")}`,
    !s.firstError && s.verdict !== null && `judged ${s.verdict}`,
  ].filter(Boolean);
  return `Step ${s.n}${words.length > 0 ? `: ${words.join(", ")}` : ""}`;
}
