import { InterveneError } from "../../errors";
import type { Chat } from "../../inference/types";
import type { StageContext } from "../stages/stage";

/** How the completions of a data set are counted, decided once when its build begins. */
export interface TokenRule {
  counted: boolean;
  /** By which tokenizer, or why not; for people. */
  note: string;
}

/** Whether the base model's tokenizer can be had now. A server that is away does not keep a data set waiting: it says so. */
export async function tokenRule(ctx: Pick<StageContext, "models" | "item">): Promise<TokenRule> {
  const model = ctx.item.servedName;
  if (ctx.item.modelId === null) return { counted: false, note: "The study has no model, so tokens were not counted." };
  if (model === "") return { counted: false, note: "No server serves the base model, so tokens were not counted." };
  try {
    await ctx.models.get(model);
    return { counted: true, note: `By the tokenizer of the model served as "${model}".` };
  } catch (error) {
    if (!(error instanceof InterveneError)) throw error;
    return { counted: false, note: `Tokens were not counted: ${error.message}` };
  }
}

/** Encoded at a time; a server that tokenizes is not asked for all at once. */
const AT_ONCE = 8;

/** Tokens of each text; zeros where they are not counted. @throws as the client does when the server goes away meanwhile. */
export async function countTokens(
  ctx: Pick<StageContext, "models" | "item">,
  rule: TokenRule,
  texts: readonly string[],
): Promise<number[]> {
  if (!rule.counted) return texts.map(() => 0);
  const { chat } = await ctx.models.get(ctx.item.servedName);
  const counts: number[] = [];
  for (let at = 0; at < texts.length; at += AT_ONCE)
    counts.push(...(await Promise.all(texts.slice(at, at + AT_ONCE).map((text) => tokensOf(chat, text)))));
  return counts;
}

const tokensOf = async (chat: Chat, text: string) => (text === "" ? 0 : (await chat.encode(text)).length);
