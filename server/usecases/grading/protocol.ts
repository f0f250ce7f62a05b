import type { Verdict } from "../../core/grading/expressions";

/** To the thread. */
export interface Question {
  id: number;
  gold: string;
  pred: string;
}

/** From the thread: ready for questions, or one's answer. */
export type Reply = { ready: true } | { id: number; verdict: Verdict };
