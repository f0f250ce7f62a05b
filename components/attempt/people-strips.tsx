import { ARM_LABEL } from "@/server/core/arms";
import type { ArmStrip } from "@/server/core/views/attempt";
import { Whisker } from "../study/whisker";
import { roughPercent } from "../ui/format";
import { OutcomeMark } from "./outcome-mark";

/** Continuations of versions that people wrote, apart from the model's: what they came to. */
export function PeopleStrips({ strips }: { strips: readonly ArmStrip[] }) {
  if (strips.length === 0) return null;
  return (
    <section className="mt-4 border-t border-rule pt-3" aria-label="Continuations of people’s versions">
      <h3 className="text-sm text-soft">People’s version</h3>
      <ul className="mt-1 space-y-3">
        {strips.map((strip) => (
          <li key={strip.arm}>
            <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
              <span>{ARM_LABEL[strip.arm]}</span>
              <span>
                <b className="font-semibold">
                  {strip.correct}/{strip.marks.length}
                </b>
                {strip.rate !== null && <span className="text-faint"> {roughPercent(strip.rate.value)}</span>}
              </span>
            </div>
            {strip.rate !== null && <Whisker of={strip.rate} max={1} tone="intervention" />}
            <div className="flex flex-wrap gap-1" aria-hidden>
              {strip.marks.map((mark) => (
                <OutcomeMark key={mark.id} outcome={mark.outcome} />
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
