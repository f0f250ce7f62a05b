/**
 * Output of OpenAI's batch API and of `vllm run-batch`: custom_id and response {status_code, body} with a chat completion (or a
 * completion, or a response). The file does not hold the problems: custom_id names one of the problem set, with or without
 * a sample's number after it ("algebra-007", "algebra-007-3", "algebra-007#3").
 * Source: OpenAI's batch guide; vLLM, entrypoints/openai/run_batch.py (BatchRequestOutput).
 */
import { finishOf } from "./attempts";
import { asFields, asText, requireText } from "./fields";
import { contentText, withThought } from "./prompts";
import { type Fields, type ImportedAttempt, type ImportFormat, plainAttempt, RowError } from "./record";

const SUFFIX = /[-_:#/.]\d+$/;

function textOf(choice: Fields, field: string): string {
  const message = asFields(choice.message);
  if (!message) return asText(choice.text, `${field}.text`);
  const thought = message.reasoning_content ?? message.reasoning;
  return withThought(typeof thought === "string" ? thought : "", contentText(message.content ?? "", `${field}.message.content`));
}

/** The answers of a body: choices, or the messages of a response. */
function answersOf(body: Fields): { text: string; finish: unknown }[] {
  if (Array.isArray(body.choices)) {
    return body.choices.map((c: unknown, i) => {
      const field = `response.body.choices[${i}]`;
      const choice = asFields(c);
      if (!choice) throw new RowError(field, "must be an object");
      return { text: textOf(choice, field).trim(), finish: choice.finish_reason };
    });
  }
  if (Array.isArray(body.output)) {
    const messages = body.output.flatMap((m: unknown) => (asFields(m)?.type === "message" ? [asFields(m)?.content] : []));
    const text = messages.map((c) => contentText(c, "response.body.output")).join("\n\n").trim();
    return [{ text, finish: body.status === "incomplete" ? "length" : "stop" }];
  }
  throw new RowError("response.body", "holds neither choices nor output");
}

export const openaiBatch: ImportFormat = {
  id: "openai-batch",
  title: "batch output (OpenAI, vLLM run-batch)",
  holds: "attempts",
  bareAnswers: true,
  reads: ["custom_id", "response", "error", "id"],
  takes: () => ({ id: "custom_id", attempt: "response.body.choices", model: "response.body.model", tokens: "response.body.usage.completion_tokens" }),
  matches: (row) => "custom_id" in row && "response" in row,
  map(row) {
    const id = requireText(row, ["custom_id"]).trim();
    const response = asFields(row.response);
    const body = asFields(response?.body);
    const status = response?.status_code;
    if (!response || !body || (typeof status === "number" && status >= 400)) {
      const error = asFields(row.error) ?? asFields(body?.error);
      const why = typeof error?.message === "string" ? error.message : JSON.stringify(row.error ?? body ?? null);
      throw new RowError("response", `is no answer${typeof status === "number" ? ` (status ${status})` : ""}: ${why.slice(0, 200)}`);
    }
    const answers = answersOf(body);
    const tokens = asFields(body.usage)?.completion_tokens;
    const model = typeof body.model === "string" && body.model !== "" ? body.model : "model not named";
    const attempts = answers.map(({ text, finish }, i): ImportedAttempt => {
      if (text === "") throw new RowError(`response.body.choices[${i}]`, "is empty");
      const one = answers.length === 1 && typeof tokens === "number" && Number.isInteger(tokens) ? { tokens } : {};
      return { ...plainAttempt(model, text), ...finishOf(finish), ...one };
    });
    if (attempts.length === 0) throw new RowError("response.body.choices", "is empty");
    const bare = id.replace(SUFFIX, "");
    return { problem: { ids: bare === id || bare === "" ? [id] : [id, bare], field: "custom_id" }, attempts };
  },
};
