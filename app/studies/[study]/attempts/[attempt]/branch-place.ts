import { replaceSearch } from "@/app/search-params";
import type { BranchPlace } from "@/components/branching/branch-form";
import { BRANCH_KINDS, type BranchKind } from "@/server/core/branching/point";
import type { Reader } from "./use-reader";

/**
 * Where a new branch would leave the attempt: the step that is named, and what the address says besides: `do=replace` for
 * the other kind, `from=0` for the bare problem.
 */
export function branchPlaceOf(search: URLSearchParams, reader: Reader, steps: number): BranchPlace {
  const kind = BRANCH_KINDS.find((k) => k === search.get("do")) ?? "continue";
  const step = Math.min(reader.place.step ?? reader.look.proposal?.location ?? 1, steps);
  return { kind, step: search.get("from") === "0" && kind === "continue" ? 0 : step };
}

/** Name another place. */
export function setBranchPlace({ kind, step }: BranchPlace): void {
  replaceSearch((search) => {
    if (kind === "continue") search.delete("do");
    else search.set("do", kind);
    if (step === 0) search.set("from", "0");
    else search.delete("from");
  });
}

/** Open the panel for a new branch at a step. */
export function branchFrom(reader: Reader, kind: BranchKind, step: number): void {
  reader.set({ step, panel: "branches" });
  setBranchPlace({ kind, step });
}
