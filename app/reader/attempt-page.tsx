"use client";
import { useMemo } from "react";
import { AttemptReading, isWindowed } from "@/app/studies/[study]/attempts/[attempt]/attempt-reading";
import { useReader } from "@/app/studies/[study]/attempts/[attempt]/use-reader";
import { AttemptTextsProvider } from "@/components/attempt/texts";
import { Message } from "@/components/ui/message";
import type { PublishedAttempt, PublishedProblem, PublishedStudy } from "@/server/core/views/publication";
import { hrefOf, useHashAddress, usePlace } from "./address";
import { attemptOf, textsOf } from "./attempt-of";
import { useListed } from "./attempts-page";
import { useFile } from "./data";
import { Frame } from "./frame";
import { asked, listQueryOf, writeListQuery } from "./lists";
import { panelsOf } from "./panels";

/** One attempt, from its two files. */
export function AttemptPage({ study, id }: { study: PublishedStudy; id: string }) {
  const attempt = useFile<PublishedAttempt>(`attempt/${encodeURIComponent(id)}`);
  if (attempt.data === undefined)
    return (
      <Frame study={study} title="Attempt" crumbs={[{ label: "attempts", href: hrefOf(["attempts"]) }]}>
        {attempt.error === null ? <p className="text-faint">Reading…</p> : <Message tone="error">{attempt.error.message}</Message>}
      </Frame>
    );
  return <WithProblem study={study} attempt={attempt.data} />;
}

function WithProblem({ study, attempt }: { study: PublishedStudy; attempt: PublishedAttempt }) {
  const problem = useFile<PublishedProblem>(`problem/${attempt.attempt.problemId}`);
  if (problem.data === undefined)
    return (
      <Frame study={study} title="Attempt" crumbs={[{ label: "attempts", href: hrefOf(["attempts"]) }]}>
        {problem.error === null ? <p className="text-faint">Reading…</p> : <Message tone="error">{problem.error.message}</Message>}
      </Frame>
    );
  return <Content study={study} published={attempt} problem={problem.data} />;
}

function Content(props: { study: PublishedStudy; published: PublishedAttempt; problem: PublishedProblem }) {
  const { study, published, problem } = props;
  const attempt = useMemo(() => attemptOf(study.name, published, problem), [study.name, published, problem]);
  const texts = useMemo(() => textsOf(published, problem), [published, problem]);
  const panels = useMemo(() => panelsOf(published), [published]);
  const keys = useMemo(() => Object.fromEntries(panels.map((p) => [p.key, p.id])), [panels]);
  const { list, previous, next } = useNeighbours(study, attempt.id);
  const address = useHashAddress();
  const reader = useReader({ attempt, address, previous, next, panels: keys, windowed: isWindowed(attempt) });
  const title = `attempt ${attempt.problem.ordinal + 1}.${attempt.sampleIndex + 1}`;
  return (
    <Frame
      wide
      study={study}
      title={title}
      crumbs={[
        { label: "attempts", href: hrefOf(["attempts"], list) },
        { label: title, href: hrefOf(["attempts", attempt.id], list) },
      ]}
    >
      <AttemptTextsProvider value={texts}>
        <AttemptReading
          attempt={attempt}
          reader={reader}
          panels={panels}
          actions={NOTHING}
          values={published.values?.points ?? null}
          previous={previous}
          next={next}
          problem=""
        />
      </AttemptTextsProvider>
    </Frame>
  );
}

/** There is nobody here who could act. */
const NOTHING: readonly never[] = [];

/** The attempts before and after this one in the list that the reader came from. */
function useNeighbours(study: PublishedStudy, id: string) {
  const { search } = usePlace();
  const { rows } = useListed(study);
  const query = useMemo(() => listQueryOf(search), [search]);
  // The place in the attempt is written into the same address: only the list's own part decides.
  const text = writeListQuery(query, new URLSearchParams()).toString();
  const found = useMemo(() => (rows === null ? [] : asked(rows, listQueryOf(new URLSearchParams(text)))), [rows, text]);
  const list = new URLSearchParams(text);
  const at = found.findIndex((r) => r.id === id);
  const hrefAt = (place: number) => {
    const row = at === -1 ? undefined : found[place];
    return row === undefined ? null : hrefOf(["attempts", row.id], list);
  };
  return { list, previous: hrefAt(at - 1), next: hrefAt(at + 1) };
}
