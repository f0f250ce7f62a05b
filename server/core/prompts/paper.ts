/**
 * The default templates for instruction-tuned models: the authors' two-turn verification (method.md, "The pipeline"
 * 2 and 4) in our own words. A changed text gets a new id.
 */
import type { PromptTemplate } from "./template";

const STEP_LABEL = "Substep {n}: ";

/** The bare problem as the user turn, no system prompt. */
export const PAPER_SOLVE: PromptTemplate = {
  id: "paper/solve@1",
  purpose: "solve",
  turns: [{ text: "{{problem}}" }],
  stepLabel: STEP_LABEL,
};

/** The problem with a leading part of its reference solution. */
export const PAPER_SOLVE_WITH_HINT: PromptTemplate = {
  id: "paper/solve-with-hint@1",
  purpose: "solve-with-hint",
  turns: [
    {
      text: `{{problem}}

Here is how a correct solution begins. Use it as a hint, and write your own complete solution from the start.

{{hint}}

Give the final answer in \\boxed{}.`,
    },
  ],
  stepLabel: STEP_LABEL,
};

/** Solve guided by the reference; then judge the attempt substep by substep and propose one intervention. */
export const PAPER_VERIFY: PromptTemplate = {
  id: "paper/verify@1",
  purpose: "verify",
  turns: [
    {
      text: `Below are a mathematics problem and a reference solution that is known to be right. Solve the problem yourself, guided by the reference: work every step out in your own words, fill in what the reference skips, and make sure that you understand why each step is needed. Give the final answer in \\boxed{}.

## Problem
{{problem}}

## Reference solution
{{reference}}`,
    },
    {
      text: `Now look at somebody else's attempt at the same problem. Its final answer is wrong. It is divided into numbered substeps. Find the first place where it goes wrong beyond repair, and write the one step that should have stood there.

## Attempt
{{numbered_attempt}}

## What to write

### 1. Verification log
Go through the substeps in order, beginning with Substep 1 and leaving none out. For each one write

Substep N: quote the words or formula that carry the claim, check it (recompute it, or compare it with your own solution), and end with one word: Correct. or Incorrect.

Judge each substep by what it says. Another route than the reference is fine as long as it is sound.

### 2. Critical error report
A critical error is a substep that (1) contains a false statement, a miscalculation or an invalid inference which breaks the line of reasoning, and (2) is not put right by a later substep. Harmless slips that are repaired later are not critical. Write "First critical error: substep N." for the first such substep, explain in two or three sentences what is wrong there and what would be right, and end the report there: later errors do not matter. If there is no critical error, write "First critical error: none."

### 3. Draft intervention
Write what the solver should have written in place of that substep. Write in the solver's own voice, as the next lines of the same solution ("Let me …", "Since …"), consistent with the substeps before it, which stay as they are. Correct the error and sketch what to do next, so that the solver can finish alone. Do not mention the error, the reference or these instructions. Do not state the final answer.

### 4. Self-check
Answer three questions with yes or no:
(a) Does the intervention contain the exact final answer, in any form?
(b) Does it miss an insight that the solver needs to go on?
(c) Is its location after the first critical error?
If an answer is yes, revise the draft and ask again, until all three are no.

### 5. Final intervention
End with exactly one JSON object inside a tag, on one line:

<intervention>{"content": "the text of the intervention", "location": N}</intervention>

"location" is the number of the substep that the intervention replaces (that substep and everything after it are dropped). Inside the JSON string write every backslash twice and every line break as \\n. If you found no critical error, leave "content" empty.`,
    },
  ],
  stepLabel: STEP_LABEL,
};

/** Self-reflection: rewrite the whole failed attempt, given the reference. */
export const PAPER_REFLECT: PromptTemplate = {
  id: "paper/reflect@1",
  purpose: "reflect",
  turns: [
    {
      text: `Below are a mathematics problem, a reference solution that is known to be right, and an attempt whose final answer is wrong. Compare the attempt with the reference, find what went wrong, and then rewrite the attempt from the beginning into a complete and correct solution. Keep what was sound, in the same voice; do not mention the attempt, its error or the reference. Give the final answer in \\boxed{}.

## Problem
{{problem}}

## Reference solution
{{reference}}

## Attempt
{{attempt}}

Write only the rewritten solution.`,
    },
  ],
  stepLabel: STEP_LABEL,
};

export const PAPER_TEMPLATES: readonly PromptTemplate[] = [
  PAPER_SOLVE,
  PAPER_SOLVE_WITH_HINT,
  PAPER_VERIFY,
  PAPER_REFLECT,
];
