import type { ComponentProps } from "react";
import { cx } from "./cx";

type Tone = "plain" | "quiet" | "danger";

const TONES: Record<Tone, string> = {
  plain: "border border-edge bg-raised text-ink hover:border-ink",
  quiet: "text-soft underline decoration-edge underline-offset-4 hover:text-ink hover:decoration-current",
  danger: "border border-error text-error bg-raised hover:bg-error-wash",
};

/** Looks of a button, for elements of primitives that are buttons themselves. */
export function buttonClass(tone: Tone = "plain", extra = ""): string {
  return cx(
    "inline-flex min-h-8 items-center justify-center gap-1.5 rounded-sm text-sm whitespace-nowrap disabled:opacity-50 data-disabled:opacity-50",
    tone === "quiet" ? "px-0.5" : "px-3",
    TONES[tone],
    extra,
  );
}

/** A button. */
export function Button({
  tone = "plain",
  className = "",
  type = "button",
  ...rest
}: ComponentProps<"button"> & { tone?: Tone }) {
  return <button type={type} className={buttonClass(tone, className)} {...rest} />;
}
