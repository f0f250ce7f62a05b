/** Problems and answers out of chats: messages as tools log them, and prompts that a chat template has made of them. */
import { asText, describe } from "./fields";
import { type Fields, RowError } from "./record";

/** Text of a message's content: a text, or a list of parts; reasoning stands in <think> before the answer. */
export function contentText(content: unknown, field: string): string {
  if (typeof content === "string") return asText(content, field);
  if (!Array.isArray(content)) throw new RowError(field, `must be text, but is ${describe(content)}`);
  const thought: string[] = [];
  const said: string[] = [];
  for (const part of content as (Fields | string)[]) {
    if (typeof part === "string") said.push(part);
    else if (part?.type === "reasoning" && typeof part.reasoning === "string") thought.push(part.reasoning);
    else if (typeof part?.text === "string") said.push(part.text);
  }
  return withThought(thought.join("\n\n"), asText(said.join("\n"), field));
}

/** The answer with what was thought before it, as R1 and its kin write it. */
export function withThought(thought: string, answer: string): string {
  return thought.trim() === "" ? answer : `<think>\n${thought.trim()}\n</think>\n\n${answer}`;
}

export function isMessages(value: unknown): value is Fields[] {
  return Array.isArray(value) && value.length > 0 && value.every((m) => typeof m === "object" && m !== null && "role" in m);
}

/** What the user asked last. @throws RowError without a message of the user. */
export function lastUser(messages: readonly Fields[], field: string): string {
  const found = messages.findLast((m) => m.role === "user" || m.role === "human");
  if (!found) throw new RowError(field, "holds no message of the user");
  return contentText(found.content, field).trim();
}

/** What the assistant answered last; null when nothing. */
export function lastAssistant(messages: readonly Fields[], field: string): string | null {
  const found = messages.findLast((m) => m.role === "assistant");
  return found ? contentText(found.content, field).trim() : null;
}

/** What stands before and after the user's turn where a chat template made the prompt, with and without its special tokens. */
const TURNS: readonly (readonly [string, string])[] = [
  ["<|im_start|>user\n", "<|im_end|>"],
  ["<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"],
  ["<｜User｜>", "<｜Assistant｜>"],
  ["<start_of_turn>user\n", "<end_of_turn>"],
  ["[INST]", "[/INST]"],
  ["\nuser\n", "\nassistant"],
];

/** The user's last turn in a prompt that went through a chat template; the whole prompt when it is none. */
export function statementOf(prompt: string): string {
  const text = `\n${prompt}`;
  for (const [before, after] of TURNS) {
    const start = text.lastIndexOf(before);
    const end = start < 0 ? -1 : text.indexOf(after, start + before.length);
    const turn = end < 0 ? "" : text.slice(start + before.length, end).trim();
    if (turn !== "") return turn;
  }
  return prompt.trim();
}

/** The problem that a prompt asks: messages, or a text. */
export function promptProblem(value: unknown, field: string): string {
  const text = isMessages(value) ? lastUser(value, field) : statementOf(asText(value, field));
  if (text === "") throw new RowError(field, "is empty");
  return text;
}
