import { InterveneError } from "../errors";
import { laidOver } from "./laid-over";
import type { Chat, ChatMessage, InferenceClient } from "./types";

/** Arms and samples of one problem share their prompt; a few hundred renderings cover what is under way at once. */
const REMEMBERED_PROMPTS = 512;

/**
 * A chat that asks the server for everything (/tokenize, /detokenize), so that any vLLM works with nothing on this
 * machine. The template is the server's; the continuation is appended to the detokenised prompt and both are
 * tokenised as one string, after a check that the prompt survives the way there and back.
 */
export function remoteChat(client: InferenceClient, model: string): Chat {
  const prompts = new Map<string, Promise<{ ids: number[]; text: Promise<string> }>>();

  const rendered = (messages: readonly ChatMessage[]) => {
    const key = JSON.stringify(messages);
    const known = prompts.get(key);
    if (known) return known;
    const made = client.tokenizeChat(model, messages).then((ids) => {
      let text: Promise<string> | undefined;
      return {
        ids,
        // Only a continuation needs the text; asked for once.
        get text() {
          text ??= promptText(client, model, ids);
          return text;
        },
      };
    });
    made.catch(() => prompts.delete(key));
    prompts.set(key, made);
    const oldest = prompts.keys().next().value;
    if (prompts.size > REMEMBERED_PROMPTS && oldest !== undefined) prompts.delete(oldest);
    return made;
  };

  return {
    source: client.baseUrl,
    endIds: [],
    async prompt(messages, continuation = "") {
      const prompt = await rendered(messages);
      return continuation === "" ? [...prompt.ids] : client.tokenize(model, (await prompt.text) + continuation);
    },
    rendered: async (messages) => (await rendered(messages)).text,
    encode: (text) => client.tokenize(model, text),
    pieces: async (text) => {
      const { ids, names } = await client.tokenNames(model, text);
      return laidOver(ids, names, text, `the server at ${client.baseUrl}`);
    },
    decode: async (ids) => (ids.length === 0 ? "" : client.detokenize(model, ids)),
  };
}

async function promptText(client: InferenceClient, model: string, ids: readonly number[]): Promise<string> {
  const text = await client.detokenize(model, ids);
  const back = await client.tokenize(model, text);
  if (back.length !== ids.length || back.some((id, i) => id !== ids[i])) {
    throw new InterveneError(
      "backend",
      `The tokenizer of the server at ${client.baseUrl} does not give a prompt back as it was, so answers cannot be continued through it: give the model's folder (tokenizer.json, tokenizer_config.json) instead.`,
    );
  }
  return text;
}
