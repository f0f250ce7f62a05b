import type { ReactNode } from "react";
import type { Manifest } from "@/server/core/datasets/manifest";
import { count, moment, plural } from "../ui/format";

/** What a data set says of itself, for people; the whole of it is its JSON. */
export function ManifestFacts({ manifest: m }: { manifest: Manifest }) {
  const { counts, tokens, decisions } = m;
  return (
    <dl className="grid gap-x-6 text-sm sm:grid-cols-[8rem_1fr]">
      <Fact name="base model">{m.base?.name ?? "none"}</Fact>
      <Fact name="rows">
        {count(counts.rows)} on {plural(counts.problems, "problem")}
        {counts.attempts > 0 && `, ${plural(counts.attempts, "attempt")}`}
      </Fact>
      <Fact name="tokens">
        {tokens.counted
          ? `${count(tokens.total)}: ${tokens.mean.toFixed(1)} a row, median ${count(tokens.median)}, 90 % under ${count(tokens.p90)}, at most ${count(tokens.max)}`
          : tokens.note}
      </Fact>
      {m.source === "int" && (
        <Fact name="people">
          {decisions.rule === "ignore"
            ? "their decisions were ignored"
            : [
                [decisions.accepted, "accepted"],
                [decisions.located, "located as the model says"],
                [decisions.edited, "rewritten"],
                [decisions.settled, "of these settled"],
                [decisions.undecided, "judged by nobody"],
              ]
                .filter(([n]) => n !== 0)
                .map(([n, words]) => `${count(Number(n))} ${words}`)
                .join(", ") || "no row"}
        </Fact>
      )}
      <Fact name="runs">
        {m.runs.length === 0
          ? "none: rows come from problems"
          : m.runs.map((r) => (
              <span key={r.id} className="block">
                {r.stage}, {plural(r.rows, "row")}{" "}
                <span className="font-mono text-xs text-faint" title={`SHA-256 of its settings: ${r.settingsDigest}`}>
                  settings {r.settingsDigest.slice(0, 12)}
                </span>
              </span>
            ))}
      </Fact>
      <Fact name="prompts">{m.templates.map((t) => `${t.id} (${count(t.rows)})`).join(", ") || "none"}</Fact>
      <Fact name="digest">
        <span className="font-mono text-xs break-all">{m.digest.value}</span>
        <span className="block text-faint">SHA-256 over {m.digest.over}</span>
      </Fact>
      <Fact name="built">
        {moment(new Date(m.builtAt))} by {m.tool.builder}, grader {m.tool.grader}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="border-t border-rule pt-1 text-faint sm:pb-1">{name}</dt>
      <dd className="min-w-0 pb-1 sm:border-t sm:border-rule sm:pt-1">{children}</dd>
    </div>
  );
}
