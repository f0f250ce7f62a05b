/**
 * The compact templates of the lab model. They are part of what the model was trained on (workers/lab renders its
 * training conversations with them), so a changed text needs a new id AND a newly trained model.
 */
import type { PromptTemplate } from "./template";

const STEP_LABEL = "#{n} ";

/** The bare problem as the user turn, as in the authors' rollouts. */
export const LAB_SOLVE: PromptTemplate = {
  id: "lab/solve@1",
  purpose: "solve",
  turns: [{ text: "{{problem}}" }],
  stepLabel: STEP_LABEL,
};

/** The problem with the leading steps of its reference solution. */
export const LAB_SOLVE_WITH_HINT: PromptTemplate = {
  id: "lab/solve-with-hint@1",
  purpose: "solve-with-hint",
  turns: [{ text: "{{problem}}\n\nHint:\n\n{{hint}}" }],
  stepLabel: STEP_LABEL,
};

/**
 * Compare an attempt with the reference, step by step, up to the first critical error; then write the corrected
 * step. The problem is left out: the reference holds every operation, and a short prompt is cheaper to train on.
 */
export const LAB_VERIFY: PromptTemplate = {
  id: "lab/verify@1",
  purpose: "verify",
  turns: [{ text: "Check the attempt.\n\nReference:\n\n{{numbered_reference}}\n\nAttempt:\n\n{{numbered_attempt}}" }],
  stepLabel: STEP_LABEL,
};

/** Self-reflection: rewrite the whole failed attempt, given the reference. */
export const LAB_REFLECT: PromptTemplate = {
  id: "lab/reflect@1",
  purpose: "reflect",
  turns: [{ text: "Rewrite the attempt.\n\n{{problem}}\n\nReference:\n\n{{reference}}\n\nAttempt:\n\n{{attempt}}" }],
  stepLabel: STEP_LABEL,
};

export const LAB_TEMPLATES: readonly PromptTemplate[] = [LAB_SOLVE, LAB_SOLVE_WITH_HINT, LAB_VERIFY, LAB_REFLECT];
