"use client";
import { Toggle } from "@base-ui/react/toggle";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { KeysDialog } from "@/components/attempt/keys-dialog";
import { VerificationPicker } from "@/components/attempt/verification-picker";
import { ModelText } from "@/components/text/model-text";
import { Message } from "@/components/ui/message";
import type { AttemptView, VerificationView } from "@/server/core/views/attempt";
import type { Reader } from "./use-reader";

const TOGGLE =
  "min-h-7 rounded-sm border border-transparent px-2 text-sm whitespace-nowrap text-soft hover:text-ink data-pressed:border-edge data-pressed:bg-raised data-pressed:text-ink";

/** What of the attempt is shown: the verification sample, its whole output, word diff, raw text, keys. */
export function Toolbar({ attempt, reader }: { attempt: AttemptView; reader: Reader }) {
  const { place, look, set } = reader;
  const [output, setOutput] = useState(false);
  const v = look.verification;
  return (
    <>
      <div className="top-11 z-20 mt-3 mb-2 flex md:sticky flex-wrap items-center gap-x-6 gap-y-1 border-y border-rule bg-paper py-1.5">
        <div className="flex flex-wrap items-center gap-x-2">
          <h2 className="font-sans text-sm font-medium">Verification</h2>
          {attempt.verifications.length === 0 ? (
            <span className="text-sm text-faint">
              {attempt.reward === 1 ? "not needed: the answer is right" : "none"}
            </span>
          ) : (
            <VerificationPicker
              verifications={attempt.verifications}
              proposals={attempt.proposals}
              chosen={v}
              onPick={(verification) => set({ verification })}
            />
          )}
        </div>
        <div className="ms-auto flex flex-wrap items-center gap-x-1">
          {v !== null && (
            <Toggle pressed={output} onPressedChange={setOutput} className={TOGGLE}>
              Whole log
            </Toggle>
          )}
          {look.proposal !== null && (
            <Toggle pressed={place.diff} onPressedChange={(diff) => set({ diff })} className={TOGGLE}>
              Word diff
            </Toggle>
          )}
          <Toggle pressed={place.raw} onPressedChange={(raw) => set({ raw })} className={TOGGLE}>
            Raw text
          </Toggle>
          <span className="max-md:hidden">
            <KeysDialog open={reader.keysOpen} onOpenChange={reader.setKeysOpen} />
          </span>
        </div>
      </div>
      {v !== null && v.parseNote !== "" && (
        <p className="mb-2 text-sm text-uncertainty">How this sample was read: {v.parseNote}</p>
      )}
      {v !== null && v.verdicts.length === 0 && !output && (
        <p className="mb-2 text-sm text-faint">
          This sample’s log could not be taken apart step by step; “Whole log” shows it as it is.
        </p>
      )}
      {output && v !== null && <Output study={attempt.study.name} verification={v} raw={place.raw} />}
    </>
  );
}

function Output({ study, verification, raw }: { study: string; verification: VerificationView; raw: boolean }) {
  const trpc = useTRPC();
  const text = useQuery(
    trpc.attempts.verificationText.queryOptions(
      { study, verification: verification.id },
      { staleTime: Number.POSITIVE_INFINITY, meta: { fixed: true } },
    ),
  );
  return (
    <section
      aria-label="Whole log of this verification sample"
      className="mb-4 max-h-[60vh] overflow-y-auto border-s-2 border-edge bg-sunken px-4 py-3"
      tabIndex={0}
    >
      {text.error && <Message tone="error">{text.error.message}</Message>}
      {text.data === undefined ? (
        !text.error && <p className="text-faint">Reading…</p>
      ) : (
        <ModelText text={text.data} raw={raw} small />
      )}
    </section>
  );
}
