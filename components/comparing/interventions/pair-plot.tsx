"use client";
import { useRouter } from "next/navigation";
import { Area, AreaChart, Bar, BarChart, CartesianGrid, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { ARM_LABEL } from "@/server/core/arms";
import type { PairProblem, PairView } from "@/server/core/views/comparing-interventions";
import { AXIS, CHART, GRID, TOOLTIP } from "../../charts/axes";
import { ChartFrame } from "../../charts/frame";
import { points } from "../../charts/table";
import { count, percent, plural } from "../../ui/format";

/** Above so many problems a bar each would be thinner than a pixel: their outline is drawn. */
const BARS = 300;

/** Problem by problem, how much more often one arm succeeds than the other: the largest difference first. */
export function PairPlot(props: { pair: PairView; href: (problem: PairProblem) => string }) {
  const { pair } = props;
  const router = useRouter();
  const [a, b] = [ARM_LABEL[pair.a], ARM_LABEL[pair.b]];
  const rate = (of: { n: number; c: number }) => of.c / of.n;
  const data = pair.differing.map((p, i) => ({ place: i + 1, difference: rate(p.a) - rate(p.b), problem: p }));
  const all = pair.more + pair.less + pair.same;
  const open = (index: number | string | null | undefined) => {
    if (index === null || index === undefined) return;
    const at = data[Number(index)];
    if (at !== undefined) router.push(props.href(at.problem));
  };
  const many = data.length > BARS;
  const axes = (
    <>
      <CartesianGrid {...GRID} />
      <XAxis dataKey="place" {...AXIS} minTickGap={24} label={{ value: "problems, by difference", position: "insideBottom", offset: 2, fill: "var(--faint)", fontSize: 12 }} height={44} />
      <YAxis {...AXIS} width={52} tickFormatter={(v: number) => points(v)} />
      <Tooltip
        {...TOOLTIP}
        cursor={{ fill: "var(--sunken)" }}
        labelFormatter={(place) => `problem ${(data[Number(place) - 1]?.problem.ordinal ?? 0) + 1}`}
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
      table={{
        columns: [
          { key: "problem", label: "problem", kind: "count" },
          { key: "difference", label: "difference", kind: "points" },
          { key: "ac", label: `${a}: right`, kind: "count" },
          { key: "an", label: "of", kind: "count" },
          { key: "bc", label: `${b}: right`, kind: "count" },
          { key: "bn", label: "of", kind: "count" },
        ],
        rows: data.map(({ difference, problem }) => ({
          problem: { value: problem.ordinal + 1, href: props.href(problem) },
          difference,
          ac: problem.a.c,
          an: problem.a.n,
          bc: problem.b.c,
          bn: problem.b.n,
        })),
      }}
      label={`${a} less ${b}: ${pair.more} problems better, ${pair.less} worse, ${pair.same} the same. The largest gain is ${data[0] === undefined ? "none" : percent(data[0].difference)}.`}
    >
      <div className="h-48 w-full max-w-3xl cursor-pointer">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 192 }}>
          {many ? (
            <AreaChart data={data} margin={margin} {...CHART} onClick={(state) => open(state.activeTooltipIndex)}>
              {axes}
              <Area dataKey="difference" type="step" stroke="var(--intervention)" fill="var(--intervention)" fillOpacity={0.35} isAnimationActive={false} />
            </AreaChart>
          ) : (
            <BarChart data={data} margin={margin} {...CHART} barCategoryGap={data.length > 80 ? 0 : 1}>
              {axes}
              <Bar dataKey="difference" fill="var(--intervention)" isAnimationActive={false} maxBarSize={18} onClick={(_, index) => open(index)} />
            </BarChart>
          )}
        </ResponsiveContainer>
      </div>
    </ChartFrame>
  );
}
