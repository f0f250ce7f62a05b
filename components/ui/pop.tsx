"use client";
import { Popover } from "@base-ui/react/popover";
import { type ReactNode, useState } from "react";
import { buttonClass } from "./button";

/**
 * A button that opens a small panel beside it. The panel takes the focus, Escape closes it and gives the focus back.
 * `children` gets a function that closes it.
 */
export function Pop(props: {
  label: ReactNode;
  /** Its heading, for those who cannot see it; also drawn. */
  title: string;
  className?: string;
  disabled?: boolean;
  width?: string;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={props.className ?? buttonClass()} disabled={props.disabled ?? false}>
        {props.label}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-40">
          <Popover.Popup
            className={`max-h-[min(34rem,var(--available-height))] overflow-y-auto rounded-sm border border-edge bg-raised p-4 shadow-lg outline-none ${props.width ?? "w-[min(22rem,calc(100vw-1rem))]"}`}
          >
            <Popover.Title className="mb-3 text-base font-semibold">{props.title}</Popover.Title>
            {props.children(() => setOpen(false))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
