import { createInterface } from "node:readline";
import { z } from "zod";
import { messageOf } from "@/server/errors";
import { gradeAnswer } from "@/server/usecases/grading/grade";

/**
 * The grader for trainers that are not Node: JSON lines in on stdin, `{text, answer, finish_reason, bare}`, and out on
 * stdout in the same order, `{reward}` or `{error}`. Ends when its input does.
 */
const question = z.object({ text: z.string(), answer: z.string(), finish_reason: z.enum(["stop", "length"]), bare: z.boolean() });

async function reply(line: string): Promise<object> {
  try {
    const { text, answer, finish_reason: finishReason, bare: bareAnswers } = question.parse(JSON.parse(line));
    return { reward: (await gradeAnswer(text, answer, { bareAnswers, finishReason })).reward };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

// Whoever stops a trainer stops all of its processes; the trainer may still want an answer on its way to a checkpoint.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => {});

let last = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  const graded = reply(line);
  last = last.then(async () => {
    process.stdout.write(`${JSON.stringify(await graded)}\n`);
  });
}
await last;
process.exit(0);
