"use client";
import type { Bin, Median } from "@/server/core/comparing/bins";
import type { LengthView } from "@/server/core/views/comparing-interventions";
import { ChartFrame } from "../../charts/frame";
import { count, figure, plural } from "../../ui/format";
import { Histogram } from "./histogram";

/** A distribution of lengths in tokens with its median. */
export function LengthChart(props: {
  title: string;
  /** "chosen intervention". */
  one: string;
  view: LengthView;
  file: string;
  href: (bin: Bin) => string;
  /** Rows of the darker part; absent where there is none. */
  keptHref?: (bin: Bin) => string;
}) {
  const { view, one, keptHref } = props;
  const n = view.counts.reduce((sum, c) => sum + c, 0);
  const label = (bin: Bin) => (bin.below - bin.from === 1 ? String(bin.from) : `${count(bin.from)}–${count(bin.below - 1)}`);
  const words = (m: Median) => `${figure(m.value)} (95 %: ${figure(m.low)} to ${figure(m.high)}, n = ${count(m.n)})`;
  const medians = view.median === null ? "" : `Median ${words(view.median)}${keptHref === undefined || view.medianKept === null ? "" : `; of those kept ${words(view.medianKept)}`}. `;
  const unknown = view.unknown === 0 ? "" : ` ${plural(view.unknown, one)} without a known length ${view.unknown === 1 ? "is" : "are"} not drawn.`;
  return (
    <ChartFrame
      title={props.title}
      note={`${medians}${plural(n, one)}; intervals by order statistics.${unknown}`}
      file={props.file}
      series={
        keptHref === undefined
          ? []
          : [
              { name: "kept", look: { stroke: "var(--intervention)", dash: undefined, marker: "square" }, as: "points" },
              { name: "others", look: { stroke: "var(--edge)", dash: undefined, marker: "square" }, as: "points" },
            ]
      }
      empty={n === 0 ? `No ${one} of this run has a known length in tokens${view.unknown > 0 ? ` (${count(view.unknown)} without one: imported, or written before lengths were kept)` : ""}.` : undefined}
      table={() => ({
        columns: [
          { key: "bin", label: "tokens" },
          { key: "count", label: "how many", kind: "count" },
          ...(keptHref === undefined ? [] : [{ key: "kept", label: "kept", kind: "count" as const }]),
        ],
        rows: view.bins.map((bin, i) => ({
          bin: label(bin),
          count: { value: view.counts[i] ?? 0, href: props.href(bin) },
          kept: keptHref === undefined ? null : { value: view.kept[i] ?? 0, href: keptHref(bin) },
        })),
      })}
    >
      <Histogram
        name={`${one}s`}
        {...(keptHref === undefined ? {} : { partName: "kept" })}
        unit="count"
        axis="tokens"
        bins={view.bins.map((bin, i) => ({
          label: label(bin),
          count: view.counts[i] ?? 0,
          href: props.href(bin),
          bar: view.counts[i] ?? 0,
          part: keptHref === undefined ? undefined : view.kept[i],
          lines: {},
        }))}
      />
    </ChartFrame>
  );
}
