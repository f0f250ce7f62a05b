import Link from "next/link";
import type { StudyCard } from "@/server/core/views/study";
import { count, moment, plural } from "../ui/format";
import { StateWord } from "../ui/state-word";

/** The studies, newest first. */
export function StudyList({ studies }: { studies: readonly StudyCard[] }) {
  return (
    <ul className="divide-y divide-rule border-t border-ink" aria-label="Studies">
      {studies.map((s) => (
        <li
          key={s.id}
          className="grid gap-x-8 gap-y-1 py-4 md:grid-cols-[minmax(0,1fr)_9rem_minmax(0,1.2fr)] lg:grid-cols-[minmax(0,1fr)_14rem_minmax(0,1.2fr)]"
        >
          <div>
            <Link href={`/studies/${encodeURIComponent(s.name)}`} className="font-serif text-xl font-semibold">
              {s.name}
            </Link>
            <p className="mt-0.5 text-sm text-faint">
              {s.kind === "lab"
                ? "The built-in lab: its own world, its own model, its own figures"
                : s.note || `Since ${moment(s.createdAt)}`}
            </p>
          </div>
          <p className="text-sm text-soft">
            {plural(s.problems, "problem")}
            <br />
            {plural(s.attempts, "attempt")}
          </p>
          <ul className="text-sm" aria-label={`Runs of ${s.name}`}>
            {s.pipelines.length === 0 && <li className="text-faint">no run yet</li>}
            {s.pipelines.slice(0, 3).map((p) => (
              <li key={p.id} className="flex flex-wrap items-baseline gap-x-4">
                <StateWord state={p.state} />
                <span className="text-soft">
                  {RECIPES[p.recipe] ?? p.recipe}, {count(p.done)} of {count(p.total)} rows
                </span>
                <span className="text-faint">{moment(p.createdAt)}</span>
              </li>
            ))}
            {s.pipelines.length > 3 && <li className="text-faint">and {s.pipelines.length - 3} earlier</li>}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** Recipes as people call them. */
export const RECIPES: Record<string, string> = { int: "intervention training", verify: "verification" };
