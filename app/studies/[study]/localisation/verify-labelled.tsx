"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/components/ui/button";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";

/** Start verification of the labelled attempts with a model, or bring in answers that were made elsewhere. */
export function VerifyLabelled({ study, served, href }: { study: string; served: readonly string[]; href: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const verify = useMutation(
    trpc.localisation.verify.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.pathKey() }),
    }),
  );
  const name = /^[\w.-]+$/.test(study) ? study : `"${study}"`;
  return (
    <Section title="Have them verified">
      <div className="space-y-4">
        {served.length > 0 && (
          <p className="flex flex-wrap gap-2">
            {served.map((model) => (
              <Button key={model} disabled={verify.isPending} onClick={() => verify.mutate({ study, model })}>
                Verify the labelled attempts with {model}
              </Button>
            ))}
          </p>
        )}
        {verify.error !== null && <Message tone="error">{verify.error.message}</Message>}
        {verify.data !== undefined && (
          <Message>
            Started. <Link href={`${href}?pipeline=${verify.data.pipelineId}`}>Follow it on the study’s page</Link>; the
            figures above fill as it goes.
          </Message>
        )}
        <p className="max-w-prose text-soft">
          From the command line, any model that a server serves; or answers of a model that ran elsewhere, one JSON object a
          line:
        </p>
        <pre className="overflow-x-auto rounded-sm bg-sunken p-3 font-mono text-sm" tabIndex={0}>
          npm run -s intervene -- run verify --study {name} --model MODEL{"\n"}
          npm run -s intervene -- import-answers answers.jsonl --study {name} --model NAME
        </pre>
      </div>
    </Section>
  );
}
