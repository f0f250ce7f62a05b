"use client";
import { useCallback, useMemo, useState } from "react";
import { type Selection, TICKED_CAP } from "@/server/core/lists/selection";

/** Rows that are chosen, on whichever page they stand. */
type Chosen = { kind: "ticked"; ids: ReadonlySet<string> } | { kind: "all"; except: ReadonlySet<string> };

const NONE: Chosen = { kind: "ticked", ids: new Set() };

/**
 * The rows that somebody has chosen in a list. They stay chosen from page to page and under another order; under other filters
 * it begins anew. @param filters what tells questions apart by the rows that they find. @param search the question.
 */
export function useChosen(filters: string, search: string) {
  const [state, setState] = useState<{ of: string; chosen: Chosen }>({ of: filters, chosen: NONE });
  const chosen = state.of === filters ? state.chosen : NONE;
  const set = useCallback((next: (chosen: Chosen) => Chosen) => {
    setState((now) => ({ of: filters, chosen: next(now.of === filters ? now.chosen : NONE) }));
  }, [filters]);
  const has = useCallback((id: string) => (chosen.kind === "ticked" ? chosen.ids.has(id) : !chosen.except.has(id)), [chosen]);
  const choose = useCallback(
    (changes: Map<string, boolean>) =>
      set((now) => {
        const marked = new Set(now.kind === "ticked" ? now.ids : now.except);
        for (const [id, on] of changes) {
          if (on === (now.kind === "ticked")) marked.add(id);
          else marked.delete(id);
        }
        if (marked.size > TICKED_CAP) return now;
        return now.kind === "ticked" ? { kind: "ticked", ids: marked } : { kind: "all", except: marked };
      }),
    [set],
  );
  const selection = useMemo<Selection | null>(() => {
    if (chosen.kind === "all") return { kind: "all", search, except: [...chosen.except] };
    return chosen.ids.size === 0 ? null : { kind: "ticked", search, ids: [...chosen.ids] };
  }, [chosen, search]);
  return {
    has,
    choose,
    selection,
    chooseAll: () => set(() => ({ kind: "all", except: new Set() })),
    chooseNone: () => set(() => NONE),
  };
}
