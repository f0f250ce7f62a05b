import { z } from "zod";

/**
 * Bodies of vLLM's OpenAI-compatible requests, as far as this engine honours them. Unknown keys are ignored as vLLM
 * does; a known key that would change the result and is not supported is refused, never ignored.
 */
const tokenId = z.number().int().min(0);

const unsupported = (off: readonly unknown[]) =>
  z
    .unknown()
    .refine((value) => value === undefined || value === null || off.includes(value), {
      message: "is not supported by the embedded engine",
    })
    .optional();

const shared = {
  model: z.string().optional(),
  n: z.number().int().min(1).nullish(),
  seed: z.number().int().nullish(),
  temperature: z.number().min(0).max(100).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.number().int().min(-1).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  stop_token_ids: z.array(tokenId).nullish(),
  include_stop_str_in_output: z.boolean().nullish(),
  ignore_eos: z.boolean().nullish(),
  skip_special_tokens: z.boolean().nullish(),
  prompt_logprobs: z.number().int().min(-1).nullish(),
  return_token_ids: z.boolean().nullish(),
  return_tokens_as_token_ids: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  /** The lower, the earlier, as in a vLLM with priority scheduling. */
  priority: z.number().int().nullish(),
  min_tokens: unsupported([0]),
  frequency_penalty: unsupported([0]),
  presence_penalty: unsupported([0]),
  repetition_penalty: unsupported([1]),
  logit_bias: unsupported([]),
  allowed_token_ids: unsupported([]),
  bad_words: unsupported([]),
  structured_outputs: unsupported([]),
  response_format: z
    .unknown()
    .refine((value) => value === undefined || value === null || JSON.stringify(value) === '{"type":"text"}', {
      message: "is not supported by the embedded engine",
    })
    .optional(),
  best_of: unsupported([1]),
  use_beam_search: unsupported([false]),
};

export const completionBody = z.object({
  ...shared,
  prompt: z.union(
    [z.string(), z.array(tokenId).min(1), z.array(z.string()).min(1), z.array(z.array(tokenId).min(1)).min(1)],
    {
      error: "must be a text, a list of token ids, or a list of either, and not empty",
    },
  ),
  max_tokens: z.number().int().min(0).nullish(),
  logprobs: z.number().int().min(-1).nullish(),
  echo: z.boolean().nullish(),
  add_special_tokens: z.boolean().nullish(),
  suffix: unsupported([""]),
});
export type CompletionBody = z.infer<typeof completionBody>;

const message = z.object({
  role: z.string(),
  content: z.union([z.string(), z.array(z.object({ type: z.literal("text"), text: z.string() })), z.null()]).optional(),
});

export const chatBody = z.object({
  ...shared,
  messages: z.array(message).min(1),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).nullish(),
  add_generation_prompt: z.boolean().default(true),
  continue_final_message: unsupported([false]),
  chat_template: unsupported([]),
  chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  tools: unsupported([]),
});
export type ChatBody = z.infer<typeof chatBody>;

export const tokenizeBody = z.union([
  z.object({
    model: z.string().optional(),
    prompt: z.string(),
    add_special_tokens: z.boolean().default(true),
    return_token_strs: z.boolean().nullish(),
  }),
  z.object({
    model: z.string().optional(),
    messages: z.array(message).min(1),
    add_generation_prompt: z.boolean().default(true),
    add_special_tokens: z.boolean().default(false),
    return_token_strs: z.boolean().nullish(),
    chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  }),
]);
export const detokenizeBody = z.object({ model: z.string().optional(), tokens: z.array(tokenId) });
export type ChatMessage = z.infer<typeof message>;

/** An answer that is not 200, in vLLM's shape. */
export class HttpError extends Error {
  constructor(
    readonly status: 400 | 404 | 405 | 413 | 500 | 503,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }
  body() {
    return { error: { message: this.message, type: ERROR_TYPES[this.status], param: this.param, code: this.status } };
  }
}
const ERROR_TYPES = {
  400: "BadRequestError",
  404: "NotFoundError",
  405: "MethodNotAllowedError",
  413: "BadRequestError",
  500: "InternalServerError",
  503: "ServiceUnavailableError",
} as const;

/** Parse a body or answer 400 with the first thing that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join(".") || "body";
  throw new HttpError(400, `${path}: ${issue?.message ?? "is wrong"}`, path);
}
