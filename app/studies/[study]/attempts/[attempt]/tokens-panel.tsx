"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { replaceSearch } from "@/app/search-params";
import { useTRPC } from "@/app/trpc/client";
import { Choice } from "@/components/branching/fields";
import { HeatMap } from "@/components/tokens/heat-map";
import { OnPolicy } from "@/components/tokens/on-policy";
import { scoreWords, waitWords } from "@/components/tokens/score-words";
import { TokenTable } from "@/components/tokens/token-table";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { count } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import { LabelledSelect } from "@/components/ui/select";
import { meanInterval } from "@/server/core/scoring/mean";
import type { WantedScore } from "@/server/core/scoring/subjects";
import type { ScoresView, ScoreView } from "@/server/core/views/scores";
import type { PanelProps } from "./panel-props";
import { useScorable } from "./use-scorable";

/** How likely texts are, token by token: the step beside its replacement first, then anything under any model. */
export function TokensPanel({ attempt, reader }: PanelProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const search = useSearchParams();
  const here = { study: attempt.study.name, attempt: attempt.id };
  const read = useQuery({
    ...trpc.scores.list.queryOptions(here),
    // A score takes a second or less; the page's live events come a little later.
    refetchInterval: ({ state }) => (state.data?.scores.some(waits) ? 700 : false),
  });
  const scorable = useScorable(attempt, reader);
  const [model, setModel] = useState<string | null>(null);
  const start = useMutation(
    trpc.scores.start.mutationOptions({
      onSuccess: (ids) => {
        if (ids.length === 1) show(ids[0] ?? null);
        void queries.invalidateQueries({ queryKey: trpc.scores.list.queryKey() });
      },
    }),
  );
  if (read.error) return <Message tone="error">{read.error.message}</Message>;
  if (read.data === undefined) return <p className="text-faint">Reading…</p>;
  const under = model ?? read.data.model;
  if (under === null)
    return (
      <Message tone="uncertainty">
        This study has no model that a server serves, so nothing can be scored here. Start a run on it with --model
        first.
      </Message>
    );
  const ask = (wanted: WantedScore[]) =>
    start.mutate({ ...here, wanted, ...(under === read.data.model ? {} : { model: under }) });
  const open = read.data.scores.find((s) => s.id === search.get("score")) ?? null;
  return (
    <div className="space-y-5 text-sm">
      {read.data.models.length > 1 && (
        <LabelledSelect label="Under" value={under} options={read.data.models.map((m) => m.name)} onChange={setModel} />
      )}
      {start.error && <Message tone="error">{start.error.message}</Message>}
      <Pair
        scores={read.data}
        under={under}
        proposal={reader.look.proposal}
        steps={attempt.steps.length}
        busy={start.isPending}
        onAsk={ask}
      />
      <Pick scorable={scorable} busy={start.isPending} onAsk={ask} />
      {open !== null && <Opened score={open} workers={read.data.workers} />}
      <Scored scores={read.data.scores} open={open} workers={read.data.workers} />
    </div>
  );
}

const waits = (s: ScoreView) => s.mean === null && (s.state === "queued" || s.state === "running");

function show(score: string | null): void {
  replaceSearch((s) => (score === null ? s.delete("score") : s.set("score", score)));
}

/** Is the correction on-policy? */
function Pair(props: {
  scores: ScoresView;
  under: string;
  proposal: { id: string; location: number } | null;
  steps: number;
  busy: boolean;
  onAsk: (wanted: WantedScore[]) => void;
}) {
  const { proposal, under } = props;
  if (proposal === null || proposal.location > props.steps) return null;
  const mine = props.scores.scores.filter((s) => s.model === under);
  const original = mine.find((s) => s.subject === "original" && s.step === proposal.location);
  const intervention = mine.find((s) => s.subject === "proposal" && s.subjectId === proposal.id);
  return (
    <section aria-label="Original step and intervention">
      <h3 className="mb-1 font-sans text-sm font-medium">Is the correction on-policy?</h3>
      {original?.mean != null && intervention?.mean != null ? (
        <OnPolicy original={original} proposal={intervention} />
      ) : (
        <p className="flex flex-wrap items-center gap-3 text-soft">
          {original && intervention && (waits(original) || waits(intervention)) ? (
            waitWords(waits(original) ? original : intervention, props.scores.workers)
          ) : (
            <>
              <span>Step {proposal.location} and its replacement have not been scored.</span>
              <Button
                disabled={props.busy}
                onClick={() =>
                  props.onAsk([
                    { subject: "original", step: proposal.location },
                    { subject: "proposal", subjectId: proposal.id },
                  ])
                }
              >
                Score both
              </Button>
            </>
          )}
        </p>
      )}
    </section>
  );
}

/** Anything else on this page, or a text of one's own. */
function Pick(props: {
  scorable: ReturnType<typeof useScorable>;
  busy: boolean;
  onAsk: (wanted: WantedScore[]) => void;
}) {
  const [key, setKey] = useState("attempt");
  const [text, setText] = useState("");
  const chosen = props.scorable.find((s) => s.key === key) ?? props.scorable[0];
  if (!chosen) return null;
  const own = chosen.wanted.subject === "text";
  return (
    <form
      aria-label="Score a text"
      className="space-y-2"
      onSubmit={(e) => {
        e.preventDefault();
        props.onAsk([own ? { ...chosen.wanted, text } : chosen.wanted]);
      }}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <LabelledSelect
          label="Score"
          value={chosen.key}
          options={props.scorable.map((s) => [s.key, s.label] as const)}
          onChange={setKey}
        />
        <Button type="submit" disabled={props.busy || (own && text.trim() === "")}>
          {props.busy ? "Asking…" : "Score"}
        </Button>
      </div>
      {own && (
        <textarea
          aria-label="Text of your own"
          rows={4}
          spellCheck={false}
          className="block w-full resize-y rounded-sm border border-edge bg-raised p-2 font-mono text-sm leading-6"
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
      )}
    </form>
  );
}

function Opened({ score, workers }: { score: ScoreView; workers: number }) {
  const trpc = useTRPC();
  const ready = score.mean !== null;
  const read = useQuery(
    trpc.scores.get.queryOptions(
      { score: score.id },
      { enabled: ready, staleTime: Number.POSITIVE_INFINITY, meta: { fixed: true } },
    ),
  );
  const [view, setView] = useState<"map" | "table">("map");
  const says = waitWords(score, workers);
  const interval = meanInterval({ n: score.n, mean: score.mean ?? 0, sd: score.sd });
  return (
    <section aria-label="Tokens" data-testid="score" data-ready={ready && read.data !== undefined}>
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="font-sans text-sm font-medium first-letter:uppercase">{scoreWords(score)}</h3>
        <Button tone="quiet" onClick={() => show(null)}>
          Close
        </Button>
      </div>
      {says !== "" && <Message tone={score.state === "failed" ? "error" : "uncertainty"}>{says}</Message>}
      {ready && (
        <p className="mb-2 text-soft tabular-nums">
          {(score.mean ?? 0).toFixed(3)} nats a token over {count(score.n)} tokens under {score.model}
          {interval !== null &&
            ` (95 % t interval over the tokens ${Math.max(0, interval.low).toFixed(3)} to ${interval.high.toFixed(3)})`}
          .
          {score.overlap > 0 &&
            ` Its first token spans the seam: ${score.overlap === 1 ? "one character" : `${score.overlap} characters`} of it stand before the text, and the token has one probability.`}
        </p>
      )}
      {read.error && <Message tone="error">{read.error.message}</Message>}
      {ready && read.data === undefined && !read.error && <p className="text-faint">Reading…</p>}
      {read.data !== undefined && (
        <>
          <div className="mb-2">
            <Choice
              label="View"
              value={view}
              options={[
                ["map", "Heat map"],
                ["table", "Table"],
              ]}
              onValue={setView}
            />
          </div>
          {view === "map" ? <HeatMap {...read.data} /> : <TokenTable {...read.data} />}
        </>
      )}
    </section>
  );
}

function Scored(props: { scores: readonly ScoreView[]; open: ScoreView | null; workers: number }) {
  return (
    <section aria-label="Scored texts">
      <h3 className="mb-1 font-sans text-sm font-medium">Scored at this attempt</h3>
      {props.scores.length === 0 ? (
        <p className="text-faint">Nothing yet.</p>
      ) : (
        <ul className="divide-y divide-rule border-y border-rule">
          {props.scores.map((s) => (
            <li key={s.id}>
              <a
                href={`?panel=tokens&score=${s.id}`}
                aria-current={s.id === props.open?.id || undefined}
                onClick={(e) => {
                  if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                  e.preventDefault();
                  show(s.id === props.open?.id ? null : s.id);
                }}
                className={cx(
                  "flex flex-wrap items-baseline justify-between gap-x-3 px-2 py-1.5 hover:bg-sunken",
                  s.id === props.open?.id && "bg-sunken",
                )}
              >
                <span className="min-w-0 break-words">
                  {scoreWords(s)} <span className="text-faint">under {s.model}</span>
                </span>
                <span className="whitespace-nowrap text-soft tabular-nums">
                  {s.mean === null
                    ? s.state === "failed"
                      ? "failed"
                      : "waiting"
                    : `${s.mean.toFixed(2)} nats × ${count(s.n)}`}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
