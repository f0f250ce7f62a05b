import { Progress } from "@base-ui/react/progress";
import type { ReactNode } from "react";
import { ARM_LABEL } from "@/server/core/arms";
import type { ArmProgress, StageView } from "@/server/core/views/study";
import { cx } from "../ui/cx";
import { count, duration, rate } from "../ui/format";
import { StateWord } from "../ui/state-word";

const NAMES: Record<string, string> = {
  rollout: "Rollouts",
  grade: "Grades",
  verify: "Verifications and proposals",
  continue: "Continuations",
  keep: "Kept interventions",
  import: "Import",
};

/** A stage's name for people. */
export function stageName(stage: string): string {
  return NAMES[stage] ?? stage;
}

/** The stages of a run, filling. `waitsFor`: what workers wait for, shown on the stages that stand still for it. */
export function Stages(props: {
  stages: readonly StageView[];
  waitsFor: string;
  action?: (stage: StageView) => ReactNode;
}) {
  return (
    <ol className="divide-y divide-rule" aria-label="Stages">
      {props.stages.map((s) => (
        <li key={s.runId} className="py-3" data-stage={s.stage}>
          <Row stage={s} waitsFor={props.waitsFor} action={props.action?.(s)} />
        </li>
      ))}
    </ol>
  );
}

function Row({ stage: s, waitsFor, action }: { stage: StageView; waitsFor: string; action: ReactNode }) {
  const name = stageName(s.stage);
  const known = s.total > 0;
  const waits = s.state === "running" && waitsFor !== "" && s.done + s.failed < s.total ? waitsFor : "";
  return (
    <Progress.Root
      value={known ? s.done : null}
      max={Math.max(1, s.total)}
      getAriaValueText={() =>
        known ? `${count(s.done)} of ${count(s.total)}${s.provisional ? " so far" : ""}` : "nothing to do yet"
      }
      className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-6 gap-y-1.5 md:grid-cols-[15rem_minmax(8rem,1fr)_minmax(10rem,auto)_6.5rem]"
    >
      <Progress.Label className="font-medium">{name}</Progress.Label>
      <div className="order-3 col-span-2 self-center md:order-none md:col-span-1">
        <Bar stage={s} />
      </div>
      <p className="order-2 text-end text-sm whitespace-nowrap md:order-none">
        {known ? (
          <>
            <b className="font-semibold">{count(s.done)}</b>
            <span className="text-faint"> of </span>
            {count(s.total)}
            {s.provisional && (
              <span className="text-uncertainty" title="An earlier stage is still adding to this one.">
                {" "}
                so far
              </span>
            )}
          </>
        ) : (
          <span className="text-faint">nothing yet</span>
        )}
      </p>
      <span className="order-4 text-sm md:order-none">
        <StateWord state={s.state} />
      </span>
      <div className="order-5 flex flex-wrap items-baseline justify-end gap-x-4 gap-y-1 text-sm text-faint md:order-none md:col-span-3 md:col-start-2 md:justify-start empty:hidden">
        {s.state === "running" && s.rate !== null && <span>{rate(s.rate)}</span>}
        {s.secondsLeft !== null && s.secondsLeft > 0 && (
          <span>
            about {duration(s.secondsLeft)} left{s.provisional && " for what is known"}
          </span>
        )}
        {s.kept !== null && s.done > 0 && (
          <span>
            <span className={s.kept > 0 ? "text-success" : ""}>{count(s.kept)} kept</span>, {count(s.done - s.kept)}{" "}
            dropped
          </span>
        )}
        {s.failed > 0 && <span className="text-error">{count(s.failed)} failed</span>}
        {action}
        {waits !== "" && <span className="basis-full text-uncertainty">Waiting: {waits}</span>}
        {s.message !== "" && (
          <span className={cx("basis-full", s.state === "failed" ? "text-error" : "text-uncertainty")}>
            {s.message}
          </span>
        )}
      </div>
      {s.arms.length > 0 && (
        <ul
          aria-label="Continuations by arm"
          className="order-6 col-span-2 grid gap-x-8 gap-y-1 pt-1 text-sm sm:grid-cols-2 md:order-none md:col-span-2 md:col-start-2"
        >
          {s.arms.map((a) => (
            <ArmBar key={a.arm} of={a} />
          ))}
        </ul>
      )}
    </Progress.Root>
  );
}

function ArmBar({ of: a }: { of: ArmProgress }) {
  return (
    <li className="grid grid-cols-[minmax(0,10.5rem)_minmax(1rem,1fr)_auto] items-center gap-x-3 text-soft">
      <span className={a.arm === "intervention" ? "text-intervention" : ""}>{ARM_LABEL[a.arm]}</span>
      <span aria-hidden className="h-1 overflow-hidden rounded-full bg-sunken ring-1 ring-rule ring-inset">
        <span
          className={cx("block h-full", a.arm === "intervention" ? "bg-intervention" : "bg-soft")}
          style={{ width: `${(100 * a.done) / Math.max(1, a.total)}%` }}
        />
      </span>
      <span className="text-faint">
        {count(a.done)} of {count(a.total)}
      </span>
    </li>
  );
}

/** Done, failed and what is left; a provisional end is open (hatched). */
function Bar({ stage: s }: { stage: StageView }) {
  // A provisional total never fills the bar: its end is open.
  const room = s.provisional ? "(100% - 1.5rem)" : "100%";
  const share = (n: number) => `calc(${room} * ${s.total === 0 ? 0 : n / s.total})`;
  return (
    <Progress.Track className="relative flex h-2 overflow-hidden rounded-full bg-sunken ring-1 ring-rule ring-inset">
      <Progress.Indicator
        className={cx("block h-full transition-[width] duration-500", s.state === "cancelled" ? "bg-faint" : "bg-ink")}
        style={{ width: share(s.done) }}
      />
      {s.failed > 0 && <span className="block h-full min-w-1 bg-error" style={{ width: share(s.failed) }} />}
      {s.provisional && (
        <span
          aria-hidden
          className="absolute inset-y-0 end-0 w-6"
          style={{ background: "repeating-linear-gradient(115deg, var(--uncertainty) 0 1.5px, transparent 1.5px 4px)" }}
        />
      )}
    </Progress.Track>
  );
}
