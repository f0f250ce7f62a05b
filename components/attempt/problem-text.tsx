import type { AttemptView } from "@/server/core/views/attempt";
import { ModelText } from "../text/model-text";
import { Disclosure } from "../ui/disclosure";

/** The problem with its answer, and the reference solution; each folds. */
export function ProblemText(props: {
  problem: Pick<AttemptView["problem"], "statement" | "answer" | "reference" | "referenceSource">;
  raw?: boolean;
  /** What is unfolded at first. */
  open?: { problem: boolean; reference: boolean };
  onOpen?: (change: { problem?: boolean; reference?: boolean }) => void;
}) {
  const { problem: p, raw = false, open = { problem: true, reference: false } } = props;
  return (
    <div className="border-t border-ink pt-1">
      <Disclosure title="Problem" open={open.problem} onOpenChange={(problem) => props.onOpen?.({ problem })}>
        <ModelText text={p.statement} raw={raw} />
        <Answer answer={p.answer} />
      </Disclosure>
      {p.reference !== "" && (
        <Disclosure
          title={`Reference solution${p.referenceSource === "" ? "" : `, by ${p.referenceSource}`}`}
          open={open.reference}
          onOpenChange={(reference) => props.onOpen?.({ reference })}
        >
          <ModelText text={p.reference} raw={raw} />
        </Disclosure>
      )}
    </div>
  );
}

/** The answer that the problem's source gives. */
export function Answer({ answer }: { answer: string }) {
  return (
    <div className="mt-2 flex items-baseline gap-2 text-sm text-faint">
      Answer
      <div className="min-w-0 text-ink">{answer === "" ? "not given" : <ModelText text={asMath(answer)} small />}</div>
    </div>
  );
}

/** Answers are often bare LaTeX. */
function asMath(answer: string): string {
  return /\\[a-zA-Z]|\^|_\{/.test(answer) && !/\$|\\\(|\\\[/.test(answer) ? `$${answer}$` : answer;
}
