"use client";
import { lazy } from "react";
import { branchFrom } from "./branch-place";
import { ContinuationsPanel } from "./continuations-panel";
import { LogPanel } from "./log-panel";
import type { PanelEntry, StepAction } from "./panel-props";
import { ProblemPanel } from "./problem-panel";
import { ProposalPanel } from "./proposal-panel";

// Charts and forms that most visits never open: their code comes when they are opened.
const BranchesPanel = lazy(() => import("./branches-panel").then((m) => ({ default: m.BranchesPanel })));
const TokensPanel = lazy(() => import("./tokens-panel").then((m) => ({ default: m.TokensPanel })));
const ValuesPanel = lazy(() => import("./values-panel").then((m) => ({ default: m.ValuesPanel })));

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

export const STEP_ACTIONS: readonly StepAction[] = [
  { label: "Continue from here", act: (reader, step) => branchFrom(reader, "continue", step) },
  { label: "Replace this step", act: (reader, step) => branchFrom(reader, "replace", step) },
];
