import { ARM_LABEL, type Arm } from "@/server/core/arms";
import type { FailedItem } from "@/server/core/views/study";
import { count } from "../ui/format";
import { stageName } from "./stages";

interface Group {
  stage: string;
  error: string;
  items: number;
  rows: number;
  arms: Set<string>;
}

/** Failed items by what went wrong: a hundred items that failed alike are one line. */
export function groupFailures(items: readonly FailedItem[]): Group[] {
  const groups = new Map<string, Group>();
  for (const item of items) {
    const key = `${item.stage}\n${item.error}`;
    const group = groups.get(key) ?? { stage: item.stage, error: item.error, items: 0, rows: 0, arms: new Set() };
    group.items += 1;
    group.rows += item.units;
    if (item.arm !== "") group.arms.add(item.arm);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.items - a.items);
}

/** What failed and why. */
export function Failures({ items }: { items: readonly FailedItem[] }) {
  return (
    <ul className="max-h-80 divide-y divide-rule overflow-y-auto text-sm" aria-label="Failed items">
      {groupFailures(items).map((g) => (
        <li key={`${g.stage} ${g.error}`} className="grid gap-x-4 py-2 md:grid-cols-[12rem_1fr_auto]">
          <span className="font-medium">
            {stageName(g.stage)}
            {g.arms.size > 0 && (
              <span className="block font-normal text-faint">
                {[...g.arms].map((a) => ARM_LABEL[a as Arm] ?? a).join(", ")}
              </span>
            )}
          </span>
          <span className="break-words text-error">{g.error === "" ? "No message was left." : g.error}</span>
          <span className="text-faint">{count(g.items)} ×</span>
        </li>
      ))}
    </ul>
  );
}
