import { ChartFrame } from "@/components/charts/frame";
import type { ChartTable } from "@/components/charts/table";
import { IntervalRows, type IntervalRow } from "@/components/comparing/sources/interval-rows";
import { Section } from "@/components/ui/section";
import type { OverTrainings, SourcesPage } from "@/server/core/views/comparing-sources";

/** Next-token entropy of what SFT on each source made, as the trainers tell it. */
export function EntropySection({ page }: { page: SourcesPage }) {
  const base = page.base?.name ?? "";
  const samples: { label: string; of: OverTrainings; href?: string }[] = [
    ...(page.baseEntropy === null ? [] : [{ label: base, of: page.baseEntropy }]),
    ...page.rows.flatMap((r) => (r.entropy.samples === null ? [] : [{ label: r.dataset, of: r.entropy.samples }])),
  ];
  const rows = page.rows.flatMap((r): IntervalRow[] => [
    ...(r.entropy.rowsBefore === null ? [] : [{ label: `${r.dataset}: before`, of: r.entropy.rowsBefore, colour: "var(--faint)", minor: true, apart: true }]),
    ...(r.entropy.rowsAfter === null ? [] : [{ label: `${r.dataset}: after`, of: r.entropy.rowsAfter, colour: "var(--ink)" }]),
  ]);
  const interval = "mean over trainings, 95 % t-interval from three trainings on (fewer have none: a hollow dot)";
  return (
    <Section title="Entropy after SFT" note="of the next token, in nats, as the trainers measured it">
      <div className="grid gap-x-10 gap-y-10 xl:grid-cols-2">
        <ChartFrame
          title="On the tuned model’s own samples"
          note={`The first step of RL that begins from the tuned model, before its update; for ${base}, of RL from itself; ${interval}.`}
          file="entropy-samples"
          table={() => samplesTable(page)}
          {...(samples.length === 0 ? { empty: "No RL was run from the base or from a model tuned on these sources: start a chain “SFT, then RL” on the page of trainings. Its first step measures this." } : {})}
        >
          <IntervalRows unit="nats" rows={samples.map(({ label, of }, i) => ({ label, of, colour: i === 0 && label === base ? "var(--faint)" : "var(--ink)" }))} />
        </ChartFrame>
        <ChartFrame
          title="On the source’s own tokens"
          note={`Before: the first SFT step, whose batch is read by ${base} itself. After: the last SFT step, before its own update. Each is over one batch of training rows; ${interval}.`}
          file="entropy-rows"
          table={() => rowsTable(page)}
          {...(rows.length === 0 ? { empty: "Nothing was fine-tuned on these sources from this base yet." } : {})}
        >
          <IntervalRows unit="nats" rows={rows} />
        </ChartFrame>
      </div>
      <p className="mt-4 max-w-prose text-sm text-faint">
        The embedded trainer measures the samples of prompts whose samples are neither all right nor all wrong, the ones it learns from;
        TRL measures all of them. Compare sources that were trained by the same trainer.
      </p>
    </Section>
  );
}

const COLUMNS = [
  { key: "value", label: "Entropy (nats)", kind: "figure" },
  { key: "low", label: "low 95 %", kind: "figure" },
  { key: "high", label: "high 95 %", kind: "figure" },
  { key: "trainings", label: "Trainings", kind: "count" },
] as const;

function samplesTable(page: SourcesPage): ChartTable {
  const base = `/studies/${encodeURIComponent(page.study)}/training`;
  const link = (row: SourcesPage["rows"][number]) => `${base}?curves=${row.chains.flatMap((c) => c.rl.map((t) => t.id)).join(",")}`;
  return {
    columns: [{ key: "model", label: "SFT on" }, ...COLUMNS],
    rows: [
      ...(page.baseEntropy === null ? [] : [{ model: `${page.base?.name} (none)`, ...page.baseEntropy }]),
      ...page.rows.map((r) =>
        r.entropy.samples === null
          ? { model: r.dataset, value: null, trainings: 0 }
          : { model: r.dataset, ...r.entropy.samples, value: { value: r.entropy.samples.value, href: link(r) } },
      ),
    ],
  };
}

function rowsTable(page: SourcesPage): ChartTable {
  const base = `/studies/${encodeURIComponent(page.study)}/training`;
  return {
    columns: [{ key: "model", label: "Tokens of" }, { key: "when", label: "When" }, ...COLUMNS],
    rows: page.rows.flatMap((r) =>
      (["rowsBefore", "rowsAfter"] as const).map((when) => {
        const of = r.entropy[when];
        const words = when === "rowsBefore" ? "before SFT" : "after SFT";
        if (of === null) return { model: r.dataset, when: words, value: null, trainings: 0 };
        return { model: r.dataset, when: words, ...of, value: { value: of.value, href: `${base}?curves=${r.chains.map((c) => c.sft.id).join(",")}` } };
      }),
    ),
  };
}
