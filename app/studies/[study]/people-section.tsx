"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { PeopleEffectView } from "@/components/judging/people-effect";
import { Message } from "@/components/ui/message";
import { Section } from "@/components/ui/section";

/** What people changed, and what that did to coverage. Nothing before the first label of people stands. */
export function PeopleSection({ study, pipeline }: { study: string; pipeline: string | null }) {
  const trpc = useTRPC();
  const effect = useQuery(trpc.queues.effect.queryOptions({ study, pipeline }, { staleTime: 5_000 }));
  if (effect.data === undefined) {
    return effect.error === null ? null : (
      <Section title="What people changed">
        <Message tone="error">{effect.error.message}</Message>
      </Section>
    );
  }
  if (effect.data.judged === 0 && effect.data.differing === 0) return null;
  return (
    <Section title="What people changed">
      <PeopleEffectView effect={effect.data} />
    </Section>
  );
}
