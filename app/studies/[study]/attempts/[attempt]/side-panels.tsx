"use client";
import { Tabs } from "@base-ui/react/tabs";
import { Suspense } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import type { AttemptView } from "@/server/core/views/attempt";
import type { PanelEntry } from "./panel-props";
import type { Reader } from "./use-reader";

/**
 * The panels as tabs: beside the steps where there is room, else a dock at the window's bottom that opens over half of it.
 */
export function SidePanels(props: { attempt: AttemptView; reader: Reader; panels: readonly PanelEntry[] }) {
  const { attempt, reader } = props;
  const { place, set } = reader;
  const panels = props.panels.filter((p) => p.has?.(attempt) !== false);
  const open = panels.find((p) => p.id === place.panel) ?? panels[0];
  if (open === undefined) return null;
  // In the dock nothing is open until it is asked for.
  const asked = place.panel !== null;
  return (
    <Tabs.Root
      value={open.id}
      onValueChange={(panel) => set({ panel: String(panel) })}
      className="flex max-h-full min-h-0 flex-col max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:max-h-[62dvh] max-lg:border-t max-lg:border-edge max-lg:bg-paper max-lg:shadow-[0_-4px_16px_rgb(0_0_0/0.12)]"
      render={<section aria-label="Panels" data-testid="panels" data-asked={asked} />}
    >
      <div className="flex items-center gap-2 border-b border-rule max-lg:px-[var(--gutter)]">
        <Tabs.List aria-label="Panels" className="flex min-w-0 flex-1 gap-x-3 max-lg:overflow-x-auto lg:flex-wrap">
          {panels.map((p) => (
            <Tabs.Tab
              key={p.id}
              value={p.id}
              title={`Key ${p.key}`}
              onClick={() => set({ panel: p.id })}
              className={cx(
                "min-h-9 border-b-2 border-transparent text-sm whitespace-nowrap text-soft -outline-offset-2 hover:text-ink",
                "data-active:font-medium data-active:text-ink",
                asked ? "data-active:border-ink" : "lg:data-active:border-ink",
              )}
            >
              {p.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {asked && (
          <Button tone="quiet" className="lg:hidden" onClick={() => set({ panel: null })}>
            Close
          </Button>
        )}
      </div>
      {panels.map((p) => (
        <Tabs.Panel
          key={p.id}
          value={p.id}
          className={cx(
            "min-h-0 flex-1 overflow-y-auto overscroll-contain pt-3 pb-6 -outline-offset-2 max-lg:px-[var(--gutter)] lg:pe-2",
            !asked && "max-lg:hidden",
          )}
        >
          <h2 className="sr-only">{p.title}</h2>
          <Suspense fallback={<p className="text-faint">Reading…</p>}>
            <p.Panel attempt={attempt} reader={reader} />
          </Suspense>
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
