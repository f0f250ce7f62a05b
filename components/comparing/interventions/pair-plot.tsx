"use client";
import { useRouter } from "next/navigation";
import { Area, AreaChart, Bar, BarChart, CartesianGrid, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import { ARM_LABEL } from "@/server/core/arms";
import type { PairView } from "@/server/core/views/comparing-interventions";
import { AXIS, CHART, GRID, TOOLTIP } from "../../charts/axes";
import { ChartFrame } from "../../charts/frame";
import { Plot } from "../../charts/plot";
import { points } from "../../charts/table";
import { count, percent, plural } from "../../ui/format";

/** Above so many problems a bar each would be thinner than a pixel: their outline is drawn, of so many of them at most. */
const BARS = 300;
const OUTLINE = 600;

/** Problem by problem, how much more often one arm succeeds than the other: the largest difference first. */
export function PairPlot(props: { pair: PairView; href: (problemId: string) => string }) {
  const { pair } = props;
  const router = useRouter();
  const [a, b] = [ARM_LABEL[pair.a], ARM_LABEL[pair.b]];
  const { problemId, ordinal, an, ac, bn, bc } = pair.differing;
  const rate = (c: number | undefined, n: number | undefined) => (c ?? Number.NaN) / (n ?? Number.NaN);
  const data = problemId.map((_, i) => ({ place: i + 1, difference: rate(ac[i], an[i]) - rate(bc[i], bn[i]) }));
  const many = data.length > BARS;
  const every = Math.ceil(data.length / OUTLINE);
  const drawn = many ? data.filter((_, i) => i % every === 0 || i === data.length - 1) : data;
  const all = pair.more + pair.less + pair.same;
  const open = (index: number | string | null | undefined) => {
    if (index === null || index === undefined) return;
    const at = problemId[(drawn[Number(index)]?.place ?? 0) - 1];
    if (at !== undefined) router.push(props.href(at));
  };
  const axes = (
    <>
      <CartesianGrid {...GRID} />
      <XAxis dataKey="place" {...AXIS} interval={Math.max(0, Math.ceil(drawn.length / 6) - 1)} label={{ value: "problems, by difference", position: "insideBottom", offset: 2, fill: "var(--faint)", fontSize: 12 }} height={44} />
      <YAxis {...AXIS} width={52} tickFormatter={(v: number) => points(v)} />
      <Tooltip
        {...TOOLTIP}
        cursor={{ fill: "var(--sunken)" }}
        labelFormatter={(place) => `problem ${(ordinal[Number(place) - 1] ?? 0) + 1}`}
        formatter={(value) => [`${points(Number(value))} points`, `${a} less ${b}`]}
      />
      <ReferenceLine y={0} stroke="var(--edge)" />
    </>
  );
  const margin = { top: 8, right: 8, bottom: 0, left: 0 };
  return (
    <ChartFrame
      title={`${a} less ${b}, problem by problem`}
      note={`Share of right samples, percentage points; ${plural(all, "problem")} with samples of both: ${count(pair.more)} better, ${count(pair.less)} worse, ${count(pair.same)} the same (not drawn). A single problem’s rate is of few samples; the table above says how sure the whole is.`}
      file="pair"
      empty={all === 0 ? "No problem has samples of both." : data.length === 0 ? `All ${plural(all, "problem")} have the same rate under both.` : undefined}
      table={() => ({
        columns: [
          { key: "problem", label: "problem", kind: "count" },
          { key: "difference", label: "difference", kind: "points" },
          { key: "ac", label: `${a}: right`, kind: "count" },
          { key: "an", label: "of", kind: "count" },
          { key: "bc", label: `${b}: right`, kind: "count" },
          { key: "bn", label: "of", kind: "count" },
        ],
        rows: data.map(({ difference }, i) => ({
          problem: { value: (ordinal[i] ?? 0) + 1, href: props.href(problemId[i] ?? "") },
          difference,
          ac: ac[i] ?? null,
          an: an[i] ?? null,
          bc: bc[i] ?? null,
          bn: bn[i] ?? null,
        })),
      })}
      label={`${a} less ${b}: ${pair.more} problems better, ${pair.less} worse, ${pair.same} the same. The largest gain is ${data[0] === undefined ? "none" : percent(data[0].difference)}.`}
    >
      <Plot className="h-48 w-full max-w-3xl cursor-pointer">
        {many ? (
          <AreaChart data={drawn} margin={margin} {...CHART} onClick={(state) => open(state.activeTooltipIndex)}>
            {axes}
            <Area dataKey="difference" type="step" stroke="var(--intervention)" fill="var(--intervention)" fillOpacity={0.35} isAnimationActive={false} />
          </AreaChart>
        ) : (
          <BarChart data={drawn} margin={margin} {...CHART} barCategoryGap={data.length > 80 ? 0 : 1}>
            {axes}
            <Bar dataKey="difference" fill="var(--intervention)" isAnimationActive={false} maxBarSize={18} onClick={(_, index) => open(index)} />
          </BarChart>
        )}
      </Plot>
    </ChartFrame>
  );
}
