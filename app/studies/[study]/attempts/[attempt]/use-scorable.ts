"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useTRPC } from "@/app/trpc/client";
import { ARM_LABEL } from "@/server/core/arms";
import type { AttemptView } from "@/server/core/views/attempt";
import type { WantedScore } from "@/server/core/scoring/subjects";
import type { Reader } from "./use-reader";

/** A text of this page that can be scored. */
export interface Scorable {
  key: string;
  label: string;
  wanted: WantedScore;
}

/** What can be scored from where the reader stands: also the open continuation and the samples of the open branch. */
export function useScorable(attempt: AttemptView, reader: Reader): Scorable[] {
  const trpc = useTRPC();
  const search = useSearchParams();
  const branch = search.get("branch");
  const open = useQuery({ ...trpc.branches.get.queryOptions({ branch: branch ?? "" }), enabled: branch !== null });
  const { place, look } = reader;
  const list: Scorable[] = [{ key: "attempt", label: "the whole attempt", wanted: { subject: "attempt" } }];
  const step = place.step ?? look.proposal?.location ?? 1;
  if (step <= attempt.steps.length)
    list.push({ key: "original", label: `step ${step}`, wanted: { subject: "original", step } });
  for (const p of attempt.proposals)
    list.push({
      key: p.id,
      label: `intervention at step ${p.location}${p.chosen ? ", chosen" : `, sample ${p.sampleIndex + 1}`}`,
      wanted: { subject: "proposal", subjectId: p.id },
    });
  for (const at of [place.open, place.compared]) {
    const mark = attempt.strips.find((s) => s.arm === at?.arm)?.marks.find((m) => m.sampleIndex === at?.sample);
    if (mark)
      list.push({
        key: mark.id,
        label: `continuation ${mark.sampleIndex + 1} from ${ARM_LABEL[mark.arm]}`,
        wanted: { subject: "continuation", subjectId: mark.id },
      });
  }
  if (branch !== null)
    for (const row of open.data?.attemptId === attempt.id ? open.data.rows : [])
      list.push({
        key: `branch-${row.index}`,
        label: `sample ${row.index + 1} of the open branch`,
        wanted: { subject: "branch", subjectId: row.id },
      });
  if (attempt.problem.reference.trim() !== "")
    list.push({ key: "reference", label: "reference solution", wanted: { subject: "reference" } });
  const after = place.step ?? 0;
  list.push({
    key: "text",
    label: after === 0 ? "own text at the beginning" : `own text after step ${after}`,
    wanted: { subject: "text", step: after },
  });
  return list;
}
