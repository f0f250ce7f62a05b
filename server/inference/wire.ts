/** The answers of vLLM's wire format as this client relies on them (backends.md 1.1). Unknown fields are ignored. */
import { z } from "zod";

const tokenId = z.number().int().min(0);

export const completionAnswer = z.object({
  choices: z
    .array(
      z.object({
        index: z.number().int().min(0),
        text: z.string(),
        finish_reason: z.string(),
        token_ids: z.array(tokenId, { message: "has no token_ids (vLLM gives them since 0.10.2, when return_token_ids is set; for an SGLang server set INFERENCE_SERVER=sglang)" }),
      }),
    )
    .min(1),
});
export type CompletionAnswer = z.infer<typeof completionAnswer>;

/** One event of a streamed completion; the last ones have no choices (usage). */
export const completionChunk = z.object({
  choices: z.array(
    z.object({
      index: z.number().int().min(0),
      text: z.string().nullish(),
      finish_reason: z.string().nullish(),
      token_ids: z.array(tokenId).nullish(),
    }),
  ),
});

const positionLogprobs = z.record(z.string(), z.object({ logprob: z.number() })).nullable();

export const scoreAnswer = z.object({
  choices: z.array(z.object({ prompt_logprobs: z.array(positionLogprobs) })).length(1),
});

export const modelsAnswer = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      root: z.string().nullish(),
      /** Of an adapter: its base model. */
      parent: z.string().nullish(),
      max_model_len: z.number().int().positive().nullish(),
    }),
  ),
});

export const tokenizeAnswer = z.object({ tokens: z.array(tokenId) });
export const tokenNamesAnswer = z.object({
  tokens: z.array(tokenId),
  token_strs: z.array(z.string(), { message: "has no token_strs (vLLM gives them when return_token_strs is set)" }),
});
export const detokenizeAnswer = z.object({ prompt: z.string() });

/** Errors come as {"error": {"message"}} (OpenAI's form), {"message"} (older vLLM) or {"detail"} (FastAPI). */
const errorAnswer = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform((e) => e.error.message),
  z.object({ error: z.string() }).transform((e) => e.error),
  z.object({ object: z.literal("error"), message: z.string() }).transform((e) => e.message),
  z.object({ detail: z.unknown() }).transform((e) => (typeof e.detail === "string" ? e.detail : JSON.stringify(e.detail))),
]);

/** The message of an error answer; null when the body is none. */
export function errorMessageIn(body: unknown): string | null {
  const parsed = errorAnswer.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** A body for a person: one line, shortened. */
export function excerpt(body: string, length = 160): string {
  const line = body.slice(0, length * 4).replace(/\s+/g, " ").trim();
  if (line === "") return "an empty body";
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
