import { InterveneError } from "../errors";
import type { LocalChat } from "./chat";
import type { InferenceClient } from "./types";

/** What tends to differ between tokenizers: seams, blank lines, digits, LaTeX, signs beyond ASCII. */
const PROBE = "Let $x = 12$.\n\n$\\frac{3}{4} + 17 = 17.75$ — naïve, 北京.\n\nSo \\boxed{66}";

/**
 * At start: does the server cut text into the same tokens as the local folder? Different ones would sample from
 * prompts that nobody wrote, without any error. A server without /tokenize cannot be asked and passes.
 *
 * @throws InterveneError("cannot_start") naming both sides and the first place where they differ; "unavailable" as the
 * client throws it.
 */
export async function checkChat(chat: LocalChat, client: InferenceClient, model: string): Promise<void> {
  const text = chat.render([{ role: "user", content: "How many are 3 + 4?" }], PROBE);
  const local = await chat.encode(text);
  let remote: number[];
  try {
    remote = await client.tokenize(model, text);
  } catch (error) {
    if (error instanceof InterveneError && error.kind === "backend") return;
    throw error;
  }
  const at = Array.from({ length: Math.max(local.length, remote.length) }).findIndex((_, i) => local[i] !== remote[i]);
  if (at === -1) return;
  throw new InterveneError(
    "cannot_start",
    `The tokenizer in ${chat.source} is not the one of model "${model}" at ${client.baseUrl}: token ${at} of a test text is ${local[at] ?? "missing"} here and ${remote[at] ?? "missing"} there. Use the folder of the model that is served.`,
  );
}
