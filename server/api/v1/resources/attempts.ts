import { z } from "zod";
import { attemptDetailShape, attemptShape } from "../../../core/programs/shapes";
import { MAX_ROLLOUTS, pushedShape, type Rollout, rolloutShape } from "../../../core/programs/rollouts";
import { ATTEMPT_SORTS, attemptQuerySchema } from "../../../core/views/attempts";
import { getAttempt, pageOfAttempts } from "../../../usecases/programs/attempts";
import { pushRollouts } from "../../../usecases/programs/push-rollouts";
import { JSON_TYPE, LINES_TYPE, mediaType, parseJson, parseValue, readText } from "../body";
import { listRoute } from "../paging";
import { Refusal } from "../problem";
import { type BodySpec, type Route, route } from "../route";
import { idIn, inStudy, withText } from "./params";

type PushedRow = { row: number; value: Rollout | { field: string; reason: string } };

/** A JSON list, or JSON lines. A row that is not a rollout is a refusal of its own; only a broken list stops the batch. */
const rollouts: BodySpec<PushedRow[]> = {
  media: { [JSON_TYPE]: z.array(rolloutShape).max(MAX_ROLLOUTS), [LINES_TYPE]: rolloutShape },
  description: `Up to ${MAX_ROLLOUTS} rollouts: a JSON list, or one JSON object per line.`,
  async receive(call) {
    const type = mediaType(call.request, [JSON_TYPE, LINES_TYPE]);
    const { text, digest } = await readText(call);
    const values = type === JSON_TYPE ? listOf(parseJson(text)) : linesOf(text);
    if (values.length > MAX_ROLLOUTS) throw new Refusal("bad-request", `The batch has ${values.length} rows; send at most ${MAX_ROLLOUTS} at once.`);
    return { value: values.map((value, i) => ({ row: i + 1, value: rolloutOf(value) })), digest, discard: async () => {} };
  },
};

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Refusal("bad-request", "The body must be a list of rollouts: [{…}, {…}].");
}

/** The lines' values; one that is not JSON is the sentence that says so. */
function linesOf(text: string): unknown[] {
  return text.split("\n").flatMap((line): unknown[] => {
    if (line.trim() === "") return [];
    try {
      return [parseValue(line)];
    } catch (error) {
      return [new SyntaxError(`is not JSON: ${error instanceof Error ? error.message : String(error)}`)];
    }
  });
}

function rolloutOf(value: unknown): PushedRow["value"] {
  if (value instanceof SyntaxError) return { field: "row", reason: value.message };
  const parsed = rolloutShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return { field: issue?.path.join(".") || "row", reason: issue?.message ?? "cannot be used" };
}

export const attemptRoutes: readonly Route[] = [
  listRoute({
    path: "/studies/{study}/attempts",
    id: "listAttempts",
    tag: "attempts",
    summary: "Attempts, with the filters and sorts of the page's table",
    params: inStudy,
    filters: {
      ...attemptQuerySchema.shape,
      sort: z.enum(ATTEMPT_SORTS).default("added").meta({ description: "added: as they were made; the others cost more in a large study" }),
      include: withText,
    },
    row: attemptShape,
    page({ program, path, query }, at) {
      const { include, ...rest } = query;
      return pageOfAttempts(program.deps, path.study, attemptQuerySchema.parse(rest), include === "text", at);
    },
  }),
  route({
    method: "POST",
    path: "/studies/{study}/attempts",
    id: "pushAttempts",
    tag: "attempts",
    summary: "Push rollouts, e.g. from a training loop; the answer has their rewards",
    description:
      "Study, problem set and model are made where they are not there yet. Attempts are graded against the problem's answer. Sent twice, a batch adds nothing: an attempt of the same source, model and problem with the same text is the same attempt (equal texts within one batch are kept apart). Give each training step a `source` of its own.",
    scope: "write",
    params: inStudy,
    query: z.object({
      problem_set: z.string().trim().min(1).max(200).default("rollouts"),
      source: z.string().trim().min(1).max(200).default("pushed").meta({ description: "what the rows belong to, e.g. step-100" }),
      bare_answers: z.enum(["true", "false"]).default("false").meta({ description: "grade an answer that is not in \\boxed{}, too" }),
    }),
    body: rollouts,
    answer: pushedShape,
    async handle({ program, path, query, body }) {
      const { problem_set: problemSet, source, bare_answers } = query;
      const push = { study: path.study, problemSet, source, bareAnswers: bare_answers === "true", rows: body };
      return { value: await pushRollouts(program.deps, push) };
    },
  }),
  route({
    method: "GET",
    path: "/studies/{study}/attempts/{attempt}",
    id: "getAttempt",
    tag: "attempts",
    summary: "One attempt: text, steps, grades, labels, verifications, proposals, arms",
    scope: "read",
    params: idIn("attempt"),
    answer: attemptDetailShape,
    handle: async ({ program, path }) => ({ value: await getAttempt(program.deps, path.study, path.attempt) }),
  }),
];
