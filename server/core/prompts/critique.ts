/**
 * Locating the first error without a reference solution, as ProcessBench asks it of critic models (Zheng et al. 2024,
 * arXiv 2412.06559), in our own words. It says nothing about the answer, so that traces without an error can be given to
 * it too. A changed text gets a new id.
 */
import type { PromptTemplate } from "./template";

export const CRITIQUE: PromptTemplate = {
  id: "processbench/critique@1",
  purpose: "verify",
  turns: [
    {
      text: `Below are a mathematics problem and a solution to it, cut into numbered paragraphs. Whether the solution is right is not known.

## Problem
{{problem}}

## Solution
{{numbered_attempt}}

## What to do
Read the solution paragraph by paragraph, from Paragraph 1 on, and check each one: recompute its numbers, and ask whether it follows from what stands before it. As soon as you have found a paragraph with an error, stop: only the earliest error counts. Another way than you would have gone is not an error.

End with the number of the earliest paragraph that holds an error, in \\boxed{}; write \\boxed{-1} if no paragraph does.`,
    },
  ],
  stepLabel: "Paragraph {n}: ",
  reply: "boxed_step",
};
