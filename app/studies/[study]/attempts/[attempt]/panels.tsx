"use client";
import { type ComponentType, lazy } from "react";
import type { AttemptView } from "@/server/core/views/attempt";
import { branchFrom } from "./branch-place";
import { ContinuationsPanel } from "./continuations-panel";
import { LogPanel } from "./log-panel";
import type { PanelProps } from "./panel-props";
import { ProblemPanel } from "./problem-panel";
import { ProposalPanel } from "./proposal-panel";
import type { Reader } from "./use-reader";

// Charts and forms that most visits never open: their code comes when they are opened.
const BranchesPanel = lazy(() => import("./branches-panel").then((m) => ({ default: m.BranchesPanel })));
const TokensPanel = lazy(() => import("./tokens-panel").then((m) => ({ default: m.TokensPanel })));
const ValuesPanel = lazy(() => import("./values-panel").then((m) => ({ default: m.ValuesPanel })));

/** One panel beside the steps. A new panel is one entry of PANELS; its component lives in a file of its own. */
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

/** In the order of the tabs; the first is open unless the address names another. */
export const PANELS: readonly PanelEntry[] = [
  {
    id: "continuations",
    title: "Continuations",
    key: "c",
    Panel: ContinuationsPanel,
    wide: ({ place }) => place.open !== null && place.compared !== null,
  },
  { id: "branches", title: "Branch", key: "b", Panel: BranchesPanel },
  { id: "tokens", title: "Tokens", key: "t", Panel: TokensPanel },
  { id: "values", title: "Values", key: "V", Panel: ValuesPanel },
  { id: "log", title: "Log", key: "l", Panel: LogPanel, has: (a) => a.verifications.length > 0 },
  { id: "proposal", title: "Proposals", key: "p", Panel: ProposalPanel, has: (a) => a.proposals.length > 0 },
  { id: "problem", title: "Problem", key: "o", Panel: ProblemPanel },
];

/** What can be done from the step that is named: quiet buttons below it. */
export interface StepAction {
  label: string;
  act: (reader: Reader, step: number) => void;
}

export const STEP_ACTIONS: readonly StepAction[] = [
  { label: "Continue from here", act: (reader, step) => branchFrom(reader, "continue", step) },
  { label: "Replace this step", act: (reader, step) => branchFrom(reader, "replace", step) },
];
