import { beforeAll, describe, expect, it } from "vitest";
import { Skipped } from "@/server/core/exporting/format";
import { promptTokens, trlTokenised } from "@/server/core/exporting/formats/trl-tokenised";
import type { TrainingRow } from "@/server/core/exporting/shapes";
import { type LocalChat, loadChat } from "@/server/inference/chat";
import { encoderOf } from "@/server/usecases/exports/encoder";

let chat: LocalChat;
beforeAll(async () => {
  chat = await loadChat("workers/lab/model");
});

const row = (completion: string, ends = false): TrainingRow => ({
  ordinal: 0,
  problemKey: "p",
  answer: "7",
  prompt: "Tom has 3 apples and buys 4. How many has he?",
  completion,
  ends,
});

async function tokenise(input: TrainingRow) {
  const made = await trlTokenised.row(input, { encoder: encoderOf(chat), name: "n" });
  if (made instanceof Skipped) throw new Error(made.reason);
  const ids = [...(made.input_ids as Int32Array)];
  const labels = [...(made.labels as Int32Array)];
  return { ids, labels, trained: labels.filter((l) => l !== -100) };
}

describe("TRL's pre-tokenised rows, by the lab model's own tokenizer", () => {
  it("train the completion and nothing else: not the prompt, and no end after an unfinished answer", async () => {
    const completion = "Tom has 3 apples.\n\nHe buys 4, so 3 + 4 = 7.";
    const { ids, labels, trained } = await tokenise(row(completion));
    const rendered = chat.render([{ role: "user", content: row("").prompt }]);
    expect(ids).toEqual(await chat.encode(rendered + completion));
    expect(labels).toHaveLength(ids.length);
    expect(labels.every((label, i) => label === -100 || label === ids[i])).toBe(true);
    expect(await chat.decode(trained)).toBe(completion);
    expect(await chat.decode(ids.slice(0, ids.length - trained.length))).toBe(rendered);
    expect(chat.endIds).not.toContain(ids.at(-1));
  });

  it("end the turn of an answer that is whole", async () => {
    const { ids, trained } = await tokenise(row("7", true));
    expect(ids.at(-1)).toBe(chat.turnEnd);
    expect(await chat.decode(trained)).toBe("7<|im_end|>");
  });

  it("leave out a row with nothing to train, and say why", async () => {
    const made = await trlTokenised.row(row(""), { encoder: encoderOf(chat), name: "n" });
    expect(made).toBeInstanceOf(Skipped);
  });

  it("do not train a token that holds the end of the prompt and the beginning of the completion", async () => {
    // "user:" + "x" where the tokenizer joins ":x".
    const words: Record<number, string> = { 1: "user", 2: ":", 3: ":x", 4: "yz" };
    const encoder = { decode: async (ids: readonly number[]) => ids.map((i) => words[i]).join("") };
    expect(await promptTokens(encoder, [1, 2], [1, 3, 4])).toBe(2);
    expect(await promptTokens(encoder, [1, 2], [1, 2, 4])).toBe(2);
  });
});
