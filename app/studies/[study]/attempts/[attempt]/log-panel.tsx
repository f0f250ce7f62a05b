"use client";
import { useQuery } from "@tanstack/react-query";
import { outcomeWords } from "@/components/attempt/prepare";
import { useAttemptTexts } from "@/components/attempt/texts";
import { ModelText } from "@/components/text/model-text";
import { Button } from "@/components/ui/button";
import { count } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import type { VerificationView } from "@/server/core/views/attempt";
import type { PanelProps } from "./panel-props";

/** The whole output of the verification sample that the margins show. */
export function LogPanel({ attempt, reader }: PanelProps) {
  const v = reader.look.verification;
  if (v === null) return <p className="text-faint">This attempt has not been verified.</p>;
  const at = attempt.verifications.indexOf(v);
  const said = { correct: 0, incorrect: 0, unclear: 0 };
  for (const one of v.verdicts) said[one.verdict] += 1;
  return (
    <div>
      <p className="mb-1 text-sm text-soft">
        Sample {at + 1} of {attempt.verifications.length}: {outcomeWords(v)}. Of {count(attempt.steps.length)} steps it
        calls {said.correct} correct, {said.incorrect} incorrect and {said.unclear} unclear.{" "}
        <span className="text-faint">{count(v.tokens)} tokens.</span>
      </p>
      {v.firstError !== null && v.firstError <= attempt.steps.length && (
        <p className="mb-2 text-sm">
          <Button tone="quiet" onClick={() => reader.go(v.firstError ?? 1)}>
            Go to the first error, step {v.firstError}
          </Button>
        </p>
      )}
      <Output verification={v} raw={reader.place.raw} />
    </div>
  );
}

function Output({ verification, raw }: { verification: VerificationView; raw: boolean }) {
  const texts = useAttemptTexts();
  const text = useQuery(texts.verificationText(verification.id));
  if (text.error) return <Message tone="error">{text.error.message}</Message>;
  if (text.data === undefined) return <p className="text-faint">Reading…</p>;
  return (
    <section aria-label="Whole log of this verification sample" className="border-s-2 border-edge ps-3">
      <ModelText text={text.data} raw={raw} small />
    </section>
  );
}
