"use client";
import { Collapsible } from "@base-ui/react/collapsible";
import type { ReactNode } from "react";

/** A titled part of the page that opens and closes. `aside` stands at the end of its title line. */
export function Disclosure(props: {
  title: ReactNode;
  aside?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Collapsible.Root defaultOpen={props.open ?? false} onOpenChange={(open) => props.onOpenChange?.(open)}>
      <div className="flex items-baseline gap-3">
        <Collapsible.Trigger className="group flex min-h-8 items-center gap-2 text-sm font-medium text-soft hover:text-ink">
          <Caret />
          {props.title}
        </Collapsible.Trigger>
        {props.aside}
      </div>
      <Collapsible.Panel className="pt-1 pb-3">{props.children}</Collapsible.Panel>
    </Collapsible.Root>
  );
}

function Caret() {
  return (
    <svg
      width="8"
      height="8"
      viewBox="0 0 8 8"
      aria-hidden
      className="text-faint transition-transform group-data-panel-open:rotate-90"
    >
      <path d="M2 0.5 6 4 2 7.5z" fill="currentColor" />
    </svg>
  );
}
