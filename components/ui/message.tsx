import type { ReactNode } from "react";
import { cx } from "./cx";

const TONE = {
  error: "border-error bg-error-wash",
  uncertainty: "border-uncertainty bg-uncertainty-wash",
  plain: "border-edge bg-sunken",
} as const;

/** A sentence that a person has to read, with what can be done about it. */
export function Message(props: { tone?: keyof typeof TONE; children: ReactNode; action?: ReactNode }) {
  const tone = props.tone ?? "plain";
  return (
    <div
      role={tone === "error" ? "alert" : undefined}
      className={cx("flex flex-wrap items-center gap-x-4 gap-y-2 border-s-2 px-3 py-2 text-base", TONE[tone])}
    >
      <div className="max-w-prose min-w-0 flex-1 break-words">{props.children}</div>
      {props.action}
    </div>
  );
}
