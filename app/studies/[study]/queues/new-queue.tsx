"use client";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { attemptQueryOf } from "@/app/search-params";
import { ChooseName } from "@/app/people/choose-name";
import { useTRPC } from "@/app/trpc/client";
import { LabelsEditor } from "@/components/judging/labels-editor";
import { QueuePreview } from "@/components/judging/queue-preview";
import { QueueSourceFields } from "@/components/judging/queue-source-fields";
import { locatedWords } from "@/components/localisation/words";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import { CheckField, FieldGroup, NumberField, SelectField, TextField } from "@/components/ui/fields";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";
import { DEFAULT_LABELS } from "@/server/core/judging/labels";
import { type QueueSource, queueSourceSchema } from "@/server/core/judging/source";
import type { QueueSubject } from "@/server/core/views/judging";

/** The form of a new queue beside what it would hold. It begins with the filters that the address carries. */
export function NewQueue(props: { study: string; taken: readonly string[]; onClose: () => void }) {
  const { study } = props;
  const trpc = useTRPC();
  const router = useRouter();
  const params = useSearchParams();
  const me = useQuery(trpc.people.me.queryOptions());
  const head = useQuery(trpc.studies.get.queryOptions({ study, pipeline: undefined }));
  const [subject, setSubject] = useState<QueueSubject>(
    params.get("subject") === "attempt" || head.data?.pipeline === null ? "attempt" : "proposal",
  );
  const [source, setSource] = useState<QueueSource>(() =>
    queueSourceSchema.parse({ attempts: attemptQueryOf(new URLSearchParams(params)) }),
  );
  const [gold, setGold] = useState<{ share: number; source?: string | undefined }>({ share: 0 });
  const [name, setName] = useState(() => freeName(props.taken));
  const [rest, setRest] = useState({
    instructions: "",
    schema: DEFAULT_LABELS,
    judges: 2,
    blind: true,
    hideProposal: false,
    hideOutcomes: true,
    leaseSeconds: 300,
  });
  const change = (more: Partial<typeof rest>) => setRest({ ...rest, ...more });
  const items = { study, subject, source, gold };
  const asked = useDeferredValue(items);
  const preview = useQuery(
    trpc.queues.preview.queryOptions(asked, { placeholderData: keepPreviousData, retry: false, meta: { fixed: true } }),
  );
  const create = useMutation(
    trpc.queues.create.mutationOptions({
      onSuccess: (made) => router.push(`/studies/${encodeURIComponent(study)}/queues/${made.id}`),
    }),
  );
  const rollout = head.data?.pipeline?.stages.find((stage) => stage.stage === "rollout");
  const runs = rollout === undefined ? [] : [{ id: rollout.runId, label: "the newest run" }];
  const { attempts } = source;
  const more = [
    attempts.problem !== undefined && "Only attempts at the problem that was chosen.",
    attempts.located !== undefined && `Only attempts ${locatedWords(attempts.located)}.`,
  ].filter((w) => w !== false);
  const none = preview.data?.items === 0;
  return (
    <Section
      title="New queue"
      aside={
        <Button tone="quiet" onClick={props.onClose}>
          Close
        </Button>
      }
    >
      <form
        className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]"
        onSubmit={(e) => {
          e.preventDefault();
          create.mutate({ ...items, ...rest, name });
        }}
      >
        <div className="space-y-8">
          <QueueSourceFields
            subject={subject}
            source={source}
            runs={runs}
            more={more.join(" ")}
            onSubject={setSubject}
            onSource={(change) => setSource({ ...source, ...change })}
          />
          <FieldGroup title="How it is judged">
            <div className="grid gap-4 sm:grid-cols-2">
              <NumberField
                label="Judges an item"
                value={rest.judges}
                min={1}
                max={5}
                step={1}
                onChange={(n) => change({ judges: Math.round(n) })}
              />
              <NumberField
                label="Minutes a reservation lasts without a sign of life"
                value={rest.leaseSeconds / 60}
                min={0.5}
                max={60}
                step={0.5}
                onChange={(minutes) => change({ leaseSeconds: Math.round(minutes * 60) })}
              />
              <CheckField
                label="Blind"
                checked={rest.blind}
                onChange={(blind) => change({ blind })}
                hint="Nobody sees others’ decisions before an item has all of its own."
              />
              <CheckField
                label="Hide the model’s proposal before deciding"
                checked={rest.hideProposal}
                onChange={(hideProposal) => change({ hideProposal })}
                hint="Judges then find the first error by themselves."
              />
              <CheckField
                label="Hide outcomes before deciding"
                checked={rest.hideOutcomes}
                onChange={(hideOutcomes) => change({ hideOutcomes })}
                hint="Grades, continuations, step values and labels."
              />
            </div>
            <TextField
              label="Instructions"
              rows={5}
              value={rest.instructions}
              maxLength={20_000}
              onChange={(instructions) => change({ instructions })}
              hint="Shown to every judge; Markdown and mathematics."
            />
          </FieldGroup>
          <FieldGroup title="Gold items, whose answer is known">
            <div className="grid gap-4 sm:grid-cols-2">
              <NumberField
                label="Share of the queue"
                value={gold.share}
                min={0}
                max={0.5}
                step={0.05}
                onChange={(share) => setGold({ ...gold, share })}
                hint="Mixed in so that judges cannot tell; measured as each judge’s accuracy."
              />
              {(preview.data?.goldSources.length ?? 0) > 0 && (
                <SelectField
                  label="Labels of"
                  value={gold.source ?? ""}
                  options={[
                    ["", "any source"],
                    ...(preview.data?.goldSources ?? []).map((s) => [s.source, `${s.source} (${s.attempts})`] as const),
                  ]}
                  onChange={(v) => setGold({ share: gold.share, source: v === "" ? undefined : v })}
                />
              )}
            </div>
          </FieldGroup>
          <Disclosure title="Labels: what judges may say">
            <p className="mb-3 max-w-prose text-sm text-faint">
              Frozen from the first decision on: decisions would otherwise no longer mean what their judges were asked.
            </p>
            <LabelsEditor value={rest.schema} onChange={(schema) => change({ schema })} />
          </Disclosure>
        </div>
        <div className="space-y-4 self-start lg:sticky lg:top-14 lg:border-s lg:border-rule lg:ps-8">
          <div
            aria-live="polite"
            aria-busy={preview.isFetching}
            className={preview.isPlaceholderData ? "opacity-60" : ""}
          >
            {preview.error !== null ? (
              <Message tone="uncertainty">{preview.error.message}</Message>
            ) : preview.data === undefined ? (
              <p className="text-faint">Counting…</p>
            ) : (
              <QueuePreview of={preview.data} subject={subject} />
            )}
          </div>
          <TextField label="Name" value={name} required maxLength={120} onChange={setName} />
          <Button type="submit" disabled={create.isPending || none}>
            {create.isPending ? "Making…" : "Make the queue"}
          </Button>
          {create.error !== null && <Message tone="error">{create.error.message}</Message>}
          {me.data === null && (
            <p className="text-sm text-faint">
              You have no name yet in this browser; the queue is made by nobody then.
            </p>
          )}
        </div>
      </form>
      {me.data === null && (
        <div className="mt-6">
          <ChooseName label="Your name, if it should be yours" />
        </div>
      )}
    </Section>
  );
}

function freeName(taken: readonly string[]): string {
  const day = new Date().toISOString().slice(0, 10);
  return (
    [`Judging ${day}`, ...Array.from({ length: 50 }, (_, i) => `Judging ${day}, ${i + 2}`)].find(
      (n) => !taken.includes(n),
    ) ?? ""
  );
}
