import { cx } from "./cx";

const WORDS = {
  connecting: "connecting",
  live: "live",
  away: "connection lost, trying again",
} as const;

/** Whether what the page shows is kept up to date. */
export function LiveMark({ state }: { state: keyof typeof WORDS }) {
  return (
    <span
      role="status"
      className={cx("flex items-center gap-1.5 text-sm", state === "away" ? "text-uncertainty" : "text-faint")}
    >
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden>
        <circle
          cx="4"
          cy="4"
          r="3"
          fill={state === "live" ? "var(--success)" : "none"}
          stroke={state === "live" ? "var(--success)" : "currentColor"}
          strokeWidth="1.2"
        />
      </svg>
      <span className={state === "away" ? "" : "max-sm:sr-only"}>{WORDS[state]}</span>
    </span>
  );
}
