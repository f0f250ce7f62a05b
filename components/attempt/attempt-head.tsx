import Link from "next/link";
import type { AttemptView } from "@/server/core/views/attempt";
import { count, plural } from "../ui/format";
import { RewardMark } from "../ui/reward-mark";

/** Which attempt this is, and how it ended. */
export function AttemptHead(props: { attempt: AttemptView; previous: string | null; next: string | null }) {
  const { attempt: a } = props;
  const none = a.labels.filter((l) => l.firstError === null);
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-2xl">
          Problem {a.problem.ordinal + 1}, attempt {a.sampleIndex + 1}
        </h1>
        <nav aria-label="Neighbouring attempts" className="flex gap-4 text-sm">
          <Neighbour href={props.previous} label="Previous" />
          <Neighbour href={props.next} label="Next" />
        </nav>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-soft">
        <RewardMark reward={a.reward} cutOff={a.finishReason === "length"} />
        {a.grade !== null && (
          <span>
            {a.grade.extracted !== null && (
              <>
                answered <code className="font-mono text-sm">{a.grade.extracted}</code>,{" "}
              </>
            )}
            {a.grade.reason === "" ? (a.grade.extracted === null ? "no final answer" : "") : a.grade.reason}{" "}
            <span className="text-faint">({a.grade.graderVersion})</span>
          </span>
        )}
        <span>{plural(a.steps.length, "step")}</span>
        {a.tokens > 0 && <span>{count(a.tokens)} tokens</span>}
        {a.model !== null && <span>{a.model}</span>}
        {a.finishReason === "imported" ? <span>imported</span> : <span className="text-faint">seed {a.seed}</span>}
      </p>
      {none.length > 0 && (
        <p className="mt-1 text-soft">
          <span aria-hidden>¶ </span>Without an error, by {none.map((l) => l.source).join(", ")}.
        </p>
      )}
    </div>
  );
}

function Neighbour({ href, label }: { href: string | null; label: string }) {
  return href === null ? <span className="text-faint">{label}</span> : <Link href={href}>{label}</Link>;
}
