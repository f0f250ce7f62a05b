import { ARM_LABEL, type Arm } from "@/server/core/arms";
import type { Interval } from "@/server/core/statistics/intervals";
import type { ArmView } from "@/server/core/views/study";
import { count, percent, percentRange, plural } from "../ui/format";
import { PUBLISHED } from "./published";
import { scaleEnd, Whisker } from "./whisker";

const MAIN: readonly Arm[] = ["problem", "prefix", "original", "intervention"];

/**
 * Coverage and accuracy by what a continuation was conditioned on (method.md). An arm without samples is a gap, not a
 * zero. `provisional`: the run is not over.
 */
export function ConditioningTable(props: { arms: readonly ArmView[]; published: boolean; provisional: boolean }) {
  const shown = [...MAIN, ...props.arms.map((a) => a.arm).filter((a) => !MAIN.includes(a))];
  const byArm = new Map(props.arms.map((a) => [a.arm, a]));
  const coverageEnd = scaleEnd(props.arms.map((a) => a.coverage));
  const accuracyEnd = scaleEnd(props.arms.map((a) => a.accuracy));
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Conditioning table" tabIndex={0}>
      <table className="w-full min-w-[44rem] text-base">
        <caption className="sr-only">
          Coverage and accuracy of continuations by what they were conditioned on, with 95 % intervals
        </caption>
        <thead>
          <tr className="border-b border-rule text-sm text-faint [&>th]:py-1.5 [&>th]:pe-6 [&>th]:align-bottom">
            <th scope="col">Conditioned on</th>
            <th scope="col">
              Coverage <span className="block text-xs">with a success, 95 % interval</span>
            </th>
            <th scope="col" className="w-1/6">
              <Scale of="Coverage" end={coverageEnd} />
            </th>
            <th scope="col">
              Accuracy <span className="block text-xs">right samples, 95 % interval</span>
            </th>
            <th scope="col" className="w-1/6">
              <Scale of="Accuracy" end={accuracyEnd} />
            </th>
            <th scope="col">Sampled</th>
            {props.published && (
              <th scope="col" className="border-s border-dashed border-edge ps-4">
                Published <span className="block text-xs">another model, other problems</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((arm) => (
            <Row
              key={arm}
              arm={arm}
              view={byArm.get(arm)}
              coverageEnd={coverageEnd}
              accuracyEnd={accuracyEnd}
              published={props.published}
              provisional={props.provisional}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  arm: Arm;
  view: ArmView | undefined;
  coverageEnd: number;
  accuracyEnd: number;
  published: boolean;
  provisional: boolean;
}) {
  const { arm, view } = props;
  const tone = arm === "intervention" ? "intervention" : "ink";
  const paper = PUBLISHED[arm];
  return (
    <tr className="border-b border-rule [&>*]:py-2 [&>*]:pe-6" data-arm={arm}>
      <th
        scope="row"
        className={`whitespace-nowrap ${arm === "intervention" ? "font-semibold text-intervention" : ""}`}
      >
        {ARM_LABEL[arm]}
      </th>
      {view === undefined || view.coverage === null || view.accuracy === null ? (
        <td colSpan={5} className="text-faint">
          {props.provisional ? "nothing sampled yet" : "not sampled"}
        </td>
      ) : (
        <>
          <td className="whitespace-nowrap">
            <b className="font-semibold">
              {count(view.covered)}/{count(view.problems)}
            </b>{" "}
            <Bounds of={view.coverage} />
          </td>
          <td>
            <Whisker of={view.coverage} max={props.coverageEnd} tone={tone} />
          </td>
          <td className="whitespace-nowrap">
            <b className="font-semibold">{percent(view.accuracy.value)}</b> <Bounds of={view.accuracy} />
          </td>
          <td>
            <Whisker of={view.accuracy} max={props.accuracyEnd} tone={tone} />
          </td>
          <td className="text-sm whitespace-nowrap text-soft">
            {plural(view.problems, "problem")}, {plural(view.samples, "sample")}
          </td>
        </>
      )}
      {props.published && (
        <td className="border-s border-dashed border-edge ps-4 text-sm whitespace-nowrap text-faint italic">
          {paper === undefined ? "" : `${paper.covered}/${paper.problems}, ${percent(paper.accuracy)}`}
        </td>
      )}
    </tr>
  );
}

function Bounds({ of }: { of: Interval }) {
  return <span className="block text-sm text-faint xl:ms-1 xl:inline">{percentRange(of.low, of.high)}</span>;
}

function Scale({ of, end }: { of: string; end: number }) {
  const most = `${Math.round(end * 1e4) / 100} %`;
  return (
    <>
      <span className="sr-only">
        {of}, drawn from 0 to {most}
      </span>
      <span className="flex justify-between text-xs font-normal" aria-hidden>
        <span>0</span>
        <span>{most}</span>
      </span>
    </>
  );
}
