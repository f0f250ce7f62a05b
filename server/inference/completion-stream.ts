import type { StreamReader } from "./call";
import type { SampleDelta } from "./types";
import { completionChunk, errorMessageIn, excerpt } from "./wire";

interface Growing {
  text: string;
  tokenIds: number[];
  finishReason: string | null;
}

/**
 * Puts a streamed completion together (vLLM's server-sent events: one chunk holds pieces of one or more choices; the last
 * piece of each carries its finish_reason; "[DONE]" ends it) and tells of each piece. An error may come in the middle
 * of a 200 answer, and a connection may end before its samples do: both mean "again".
 *
 * @param n choices that were asked for.
 */
export function readCompletionStream(n: number, onDelta: (delta: SampleDelta) => void): StreamReader {
  const choices = Array.from({ length: n }, (): Growing => ({ text: "", tokenIds: [], finishReason: null }));
  let rest = "";
  let data: string[] = [];
  let events = 0;
  let wrong: string | null = null;

  const take = (payload: string) => {
    events++;
    if (payload.trim() === "[DONE]" || wrong !== null) return;
    const json = parse(payload);
    const said = errorMessageIn(json);
    if (said !== null) {
      wrong = `an error inside the stream: ${excerpt(said)}`;
      return;
    }
    const chunk = completionChunk.safeParse(json);
    if (!chunk.success) {
      wrong = `an event that cannot be read: ${excerpt(payload)}`;
      return;
    }
    for (const piece of chunk.data.choices) {
      const choice = choices[piece.index];
      if (!choice) {
        wrong = `a choice ${piece.index} where ${n} were asked for`;
        return;
      }
      if (choice.finishReason !== null) continue;
      const at = choice.text.length;
      const text = piece.text ?? "";
      choice.text += text;
      choice.tokenIds.push(...(piece.token_ids ?? []));
      choice.finishReason = piece.finish_reason ?? null;
      if (text === "" && choice.finishReason === null) continue;
      onDelta({ index: piece.index, at, text, tokens: choice.tokenIds.length, finishReason: choice.finishReason });
    }
  };
  const line = (text: string) => {
    if (text === "") {
      if (data.length > 0) take(data.join("\n"));
      data = [];
    } else if (text.startsWith("data:")) data.push(text.slice(text.startsWith("data: ") ? 6 : 5));
  };

  return {
    chunk(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const l of lines) line(l);
    },
    finish() {
      line(rest);
      line("");
      if (events === 0) return { kind: "not_streamed" };
      if (wrong !== null) return { kind: "incomplete", why: wrong };
      const open = choices.filter((c) => c.finishReason === null).length;
      if (open > 0) return { kind: "incomplete", why: `the stream ended before ${open} of ${n} samples had` };
      const body = {
        choices: choices.map((c, index) => ({
          index,
          text: c.text,
          finish_reason: c.finishReason,
          // A server that sends none is found out where its answer is read.
          ...(c.tokenIds.length > 0 || c.text === "" ? { token_ids: c.tokenIds } : {}),
        })),
      };
      return { kind: "whole", body };
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
