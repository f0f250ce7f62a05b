import { readFile } from "node:fs/promises";
import path from "node:path";
import { Template } from "@huggingface/jinja";
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { InterveneError, messageOf } from "../errors";
import { laidOver } from "./laid-over";
import type { Chat, ChatMessage } from "./types";

/** A special token is written as its text or as an AddedToken. */
const specialToken = z
  .union([z.string(), z.object({ content: z.string() }).transform((t) => t.content)])
  .nullish()
  .transform((t) => t ?? undefined);

const tokenizerConfig = z.looseObject({
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
  bos_token: specialToken,
  eos_token: specialToken,
  pad_token: specialToken,
  unk_token: specialToken,
});

const generationConfig = z.looseObject({ eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish() });

/** A {@link Chat} that renders on this machine; `render` shows the very string that is encoded. */
export interface LocalChat extends Chat {
  render(messages: readonly ChatMessage[], continuation?: string): string;
}

/**
 * Load a model folder as the Hugging Face hub lays it out: tokenizer.json, tokenizer_config.json, and the template in
 * the latter or in chat_template.jinja; generation_config.json tells the end tokens.
 *
 * @throws InterveneError("cannot_start") that names the file that is missing or unreadable.
 */
export async function loadChat(folder: string): Promise<LocalChat> {
  const tokenizerJson = await readJson(folder, "tokenizer.json", z.looseObject({ model: z.looseObject({}) }));
  const config = await readJson(folder, "tokenizer_config.json", tokenizerConfig);
  const generation = await readJson(folder, "generation_config.json", generationConfig, {});
  const separate = await readOptional(path.join(folder, "chat_template.jinja"));
  const named = Array.isArray(config.chat_template)
    ? config.chat_template.find((t) => t.name === "default")?.template
    : config.chat_template;
  const source = separate ?? named;
  if (!source) {
    throw new InterveneError("cannot_start", `The model folder ${folder} has no chat template, neither in tokenizer_config.json nor as chat_template.jinja.`);
  }
  let tokenizer: Tokenizer;
  let template: Template;
  try {
    tokenizer = new Tokenizer(tokenizerJson, config);
    template = new Template(source);
  } catch (error) {
    throw new InterveneError("cannot_start", `The tokenizer or chat template in ${folder} cannot be used: ${messageOf(error)}`, { cause: error });
  }

  const render = (messages: readonly ChatMessage[], continuation = ""): string =>
    template.render({
      messages: messages.map((m) => ({ ...m })),
      add_generation_prompt: true,
      ...(config.bos_token === undefined ? {} : { bos_token: config.bos_token }),
      ...(config.eos_token === undefined ? {} : { eos_token: config.eos_token }),
      ...(config.pad_token === undefined ? {} : { pad_token: config.pad_token }),
    }) + continuation;
  const encode = (text: string): number[] => [...tokenizer.encode(text, { add_special_tokens: false }).ids];

  const ends = [generation.eos_token_id ?? []].flat();
  const eos = config.eos_token === undefined ? undefined : tokenizer.token_to_id(config.eos_token);
  return {
    source: folder,
    endIds: [...new Set(eos === undefined ? ends : [...ends, eos])],
    ...(eos === undefined ? {} : { turnEnd: eos }),
    render,
    prompt: async (messages, continuation) => encode(render(messages, continuation)),
    rendered: async (messages) => render(messages),
    encode: async (text) => encode(text),
    pieces: async (text) => {
      const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
      return laidOver([...ids], tokens, text, folder);
    },
    decode: async (ids) =>
      ids.length === 0 ? "" : tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
  };
}

/** @param absent What a missing file counts as; without it the file must be there. */
async function readJson<T>(folder: string, name: string, shape: z.ZodType<T>, absent?: T): Promise<T> {
  const file = path.join(folder, name);
  const text = await readOptional(file);
  if (text === undefined) {
    if (absent !== undefined) return absent;
    throw new InterveneError("cannot_start", `The model folder ${folder} has no readable ${name}.`);
  }
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, " ") : messageOf(error);
    throw new InterveneError("cannot_start", `${file} cannot be used: ${what}`, { cause: error });
  }
}

async function readOptional(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
