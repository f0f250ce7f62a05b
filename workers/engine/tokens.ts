import { Template } from "@huggingface/jinja";
import { messageOf } from "@/server/errors";
import type { LoadedGguf } from "./addon";
import { type ChatMessage, HttpError } from "./protocol";

/** Token ids of a text; special tokens written in it are recognised, as Hugging Face's tokenizers do. */
export function encode(model: LoadedGguf, text: string, addSpecial: boolean): number[] {
  const ids = text === "" ? [] : Array.from(model.addonModel.tokenize(text, true));
  if (addSpecial && model.addonModel.shouldPrependBosToken()) ids.unshift(model.addonModel.tokenBos());
  return ids;
}

/** Text of token ids. */
export function decode(model: LoadedGguf, ids: readonly number[], withSpecials: boolean): string {
  return ids.length === 0 ? "" : model.addonModel.detokenize(Uint32Array.from(ids), withSpecials);
}

/** A conversation in the model's chat template. */
export function renderChat(
  model: LoadedGguf,
  messages: readonly ChatMessage[],
  addGenerationPrompt: boolean,
  extra: Record<string, unknown> | null | undefined,
): string {
  if (model.chatTemplate === undefined) {
    throw new HttpError(400, "This model has no chat template: use /v1/completions.");
  }
  const plain = messages.map(({ role, content }) => ({
    role,
    content: typeof content === "string" ? content : (content ?? []).map((part) => part.text).join(""),
  }));
  try {
    return new Template(model.chatTemplate).render({
      messages: plain,
      add_generation_prompt: addGenerationPrompt,
      eos_token: model.eosText,
      bos_token: model.bosText,
      ...extra,
    });
  } catch (error) {
    throw new HttpError(400, `The chat template refuses these messages: ${messageOf(error)}`);
  }
}
