"use client";
import { createContext, type ReactNode, useContext } from "react";

const Slot = createContext<ReactNode>(null);

/** What says at the head of every page who acts; the app gives it once (app/layout.tsx). */
export function PersonSlot({ mark, children }: { mark: ReactNode; children: ReactNode }) {
  return <Slot value={mark}>{children}</Slot>;
}

export function PersonPlace() {
  return useContext(Slot);
}
