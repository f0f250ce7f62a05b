import { ARM_LABEL, type Arm } from "@/server/core/arms";
import { guidedAttempt, splitSteps } from "@/server/core/steps";
import type { ContinuationView, ProposalView } from "@/server/core/views/attempt";
import { ModelText } from "../text/model-text";
import { Disclosure } from "../ui/disclosure";
import { count } from "../ui/format";
import { OUTCOME_TONE, OUTCOME_WORD, OutcomeMark } from "./outcome-mark";

/** One continuation from the branch point on; what it shares with the attempt is folded. */
export function Continuation(props: {
  of: ContinuationView;
  attempt: readonly string[];
  proposal: ProposalView | null;
  raw: boolean;
}) {
  const c = props.of;
  const shared = sharedSteps(c.arm, props.attempt, props.proposal);
  return (
    <article
      aria-label={`Continuation ${c.sampleIndex + 1} from ${ARM_LABEL[c.arm]}`}
      className="border-t border-ink pt-2"
      data-testid="continuation"
    >
      <p className="flex flex-wrap items-center gap-x-3 text-sm">
        <span className="font-medium">
          {ARM_LABEL[c.arm]}, sample {c.sampleIndex + 1}
        </span>
        <span className={`inline-flex items-center gap-1 ${OUTCOME_TONE[c.outcome]}`}>
          <OutcomeMark outcome={c.outcome} />
          {OUTCOME_WORD[c.outcome]}
        </span>
        <span className="text-faint">
          {count(c.tokens)} tokens, seed {c.seed}
        </span>
      </p>
      {c.grade !== null && (
        <p className="text-sm text-soft">
          {c.grade.extracted !== null && (
            <>
              answered <code className="font-mono">{c.grade.extracted}</code>,{" "}
            </>
          )}
          {c.grade.reason === "" ? (c.grade.extracted === null ? "no final answer" : "") : c.grade.reason}{" "}
          <span className="text-faint">({c.grade.graderVersion})</span>
        </p>
      )}
      {shared.length > 0 && (
        <Disclosure title={`${shared.length === 1 ? "Step 1" : `Steps 1 to ${shared.length}`} before the branch`}>
          <Numbered steps={shared} from={1} raw={props.raw} faint />
        </Disclosure>
      )}
      <div className={`border-s-2 ps-3 ${c.arm === "intervention" ? "border-intervention" : "border-edge"}`}>
        {c.steps.length === 0 ? (
          <p className="text-faint">Nothing was sampled: it stopped at once.</p>
        ) : (
          <Numbered steps={c.steps} from={shared.length + 1} raw={props.raw} />
        )}
      </div>
    </article>
  );
}

/** What the model was given to go on from, as steps. */
export function sharedSteps(arm: Arm, attempt: readonly string[], proposal: ProposalView | null): string[] {
  if (proposal === null) return [];
  if (arm === "prefix") return attempt.slice(0, proposal.location - 1);
  if (arm === "original") return attempt.slice(0, proposal.location);
  if (arm === "intervention") return splitSteps(guidedAttempt(attempt, proposal.content, proposal.location));
  return [];
}

function Numbered(props: { steps: readonly string[]; from: number; raw: boolean; faint?: boolean }) {
  return (
    <ol className={props.faint === true ? "text-soft" : ""}>
      {props.steps.map((text, i) => (
        <li key={i} className="grid grid-cols-[2rem_minmax(0,1fr)] py-1">
          <span className="text-sm leading-7 text-faint">{props.from + i}</span>
          <ModelText text={text} raw={props.raw} />
        </li>
      ))}
    </ol>
  );
}
