"use client";
import { type ReactNode, useMemo } from "react";
import type { ItemView } from "@/server/core/views/judging";
import { Rail } from "../attempt/rail";
import { Steps } from "../attempt/steps";
import { lookOfItem, proposalView } from "./look";

const NOBODY: ReadonlyMap<number, readonly string[]> = new Map();

/** The steps of an item with the rail, the proposal beside the step that it replaces, and what people say in the margin. */
export function ItemReading(props: {
  item: ItemView;
  current: number | null;
  /** Grows when the page should scroll to `current`. */
  goes: number;
  onGo: (step: number) => void;
  onPick: (step: number) => void;
  diff: boolean;
  raw?: boolean;
  /** Who says that the first error is at a step. */
  marks?: ReadonlyMap<number, readonly string[]>;
  /** Steps in whose place `replacement` stands. */
  rewritten?: number | null;
  replacement?: (step: number) => ReactNode;
  actions?: (step: number) => ReactNode;
  /** Beside the steps where there is room, below them where there is not. */
  aside?: ReactNode;
}) {
  const { item, marks = NOBODY, rewritten = null, raw = false } = props;
  const proposal = useMemo(() => proposalView(item), [item]);
  const look = useMemo(() => {
    const replaced = new Set([rewritten ?? proposal?.location].filter((n) => n != null));
    return lookOfItem(item, marks, replaced);
  }, [item, marks, rewritten, proposal]);
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-1 sm:gap-x-2 lg:grid-cols-[auto_minmax(0,1fr)_minmax(17rem,24rem)] lg:gap-x-6">
      <div className="sticky top-14 max-sm:-ms-3 h-[calc(100dvh-14rem)] self-start lg:-me-4">
        <Rail steps={look.steps} current={props.current} onGo={props.onGo} />
      </div>
      <section aria-label="Attempt" className="min-w-0">
        <Steps
          look={look}
          proposal={proposal}
          current={props.current}
          goes={props.goes}
          raw={raw}
          diff={props.diff}
          onPick={props.onPick}
          {...(props.actions === undefined ? {} : { actions: props.actions })}
          {...(props.replacement === undefined || rewritten === null ? {} : { replacement: props.replacement })}
        />
      </section>
      <div className="max-lg:col-start-2 max-lg:mt-6 lg:sticky lg:top-14 lg:max-h-[calc(100dvh-12rem)] lg:self-start lg:overflow-y-auto">
        {props.aside}
      </div>
    </div>
  );
}
