import { cx } from "./cx";

const TONE: Record<string, string> = {
  running: "text-ink",
  queued: "text-faint",
  paused: "text-uncertainty",
  done: "text-success",
  failed: "text-error",
  cancelled: "text-faint",
};

/** The state of a run, in a word with its mark. `word`: another word for the same state. */
export function StateWord({ state, word }: { state: string; word?: string | undefined }) {
  return (
    <span className={cx("inline-flex items-center gap-1.5 whitespace-nowrap", TONE[state])}>
      <Mark state={state} />
      {word ?? state}
    </span>
  );
}

/** Shapes differ as well as colours. */
function Mark({ state }: { state: string }) {
  return (
    <svg width="9" height="9" viewBox="0 0 10 10" aria-hidden fill="none" stroke="currentColor" strokeWidth="1.6">
      {state === "running" && (
        <circle cx="5" cy="5" r="3.5" fill="currentColor" className="motion-safe:animate-pulse" />
      )}
      {state === "queued" && <circle cx="5" cy="5" r="3.5" strokeDasharray="1.6 1.6" />}
      {state === "paused" && <path d="M3 1.5v7M7 1.5v7" />}
      {state === "done" && <path d="m1.5 5.5 2.5 2.5 4.5-6" />}
      {state === "failed" && <path d="m2 2 6 6m0-6-6 6" />}
      {state === "cancelled" && <path d="M1.5 5h7" />}
    </svg>
  );
}
