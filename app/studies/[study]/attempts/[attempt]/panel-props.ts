import type { ComponentType } from "react";
import type { AttemptView } from "@/server/core/views/attempt";
import type { Reader } from "./use-reader";

/** What every panel beside the steps is given. */
export interface PanelProps {
  attempt: AttemptView;
  /** Where the reader stands, and how to move: `reader.place.step` is the step that is named. */
  reader: Reader;
}

/** One panel beside the steps. A new panel is one entry of PANELS (panels.tsx); its component lives in a file of its own. */
export interface PanelEntry {
  /** In the address: `panel=…`. */
  id: string;
  /** On its tab and as its heading. */
  title: string;
  /** The key that opens it; not one of the reader's own (use-reader.ts) or of another panel. */
  key: string;
  /** Only mounted while it is open. */
  Panel: ComponentType<PanelProps>;
  /** Whether this attempt has such a panel at all; default: yes. */
  has?: (attempt: AttemptView) => boolean;
  /** Whether it wants more of the window's width than the steps; default: no. */
  wide?: (reader: Reader) => boolean;
}

/** What can be done from the step that is named: quiet buttons below it. */
export interface StepAction {
  label: string;
  act: (reader: Reader, step: number) => void;
}
