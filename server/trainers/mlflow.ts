import { request } from "undici";
import { z } from "zod";
import { InterveneError, messageOf } from "../errors";

export interface MlflowServer {
  /** Where it answers, without a slash at its end. */
  url: string;
  token: string | undefined;
}

/** Metrics of one step. */
export interface MlflowPoint {
  step: number;
  /** When, in ISO. */
  at: string;
  values: Record<string, number>;
}

/** What one log-batch may hold (mlflow.org, REST API, "Request Limits"). */
const METRICS_AT_ONCE = 1000;
const PARAMS_AT_ONCE = 100;
const PARAM_LENGTH = 500;
/** An answer may take so long (ms). */
const ANSWER_WITHIN = 10_000;

const experimentSchema = z.object({ experiment: z.object({ experiment_id: z.string() }) });
const createdSchema = z.object({ experiment_id: z.string() });
const runSchema = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) });

const foundSchema = z.object({ runs: z.array(runSchema.shape.run).optional() });

/** The tag by which a run is found again. */
const TRAINING = "intervene_training";

/**
 * Open a run in the experiment of that name, which is made where there is none; or find the one that was opened before for
 * the same training. @returns the run's id.
 * @throws InterveneError("unavailable") when the server does not answer, "backend" when it refuses.
 */
export async function openMlflowRun(
  server: MlflowServer,
  o: { experiment: string; training: string; name: string; startedAt: Date; tags: Record<string, string>; params: Record<string, string> },
): Promise<string> {
  const experiment = await experimentId(server, o.experiment);
  const search = { experiment_ids: [experiment], filter: `tags.${TRAINING} = '${o.training}'`, max_results: 1 };
  const [known] = foundSchema.parse(await mlflow(server, "POST", "runs/search", search)).runs ?? [];
  if (known !== undefined) return known.info.run_id;
  const answer = await mlflow(server, "POST", "runs/create", {
    experiment_id: experiment,
    run_name: o.name,
    start_time: o.startedAt.getTime(),
    tags: pairs({ ...o.tags, [TRAINING]: o.training }),
  });
  const id = runSchema.parse(answer).run.info.run_id;
  const params = pairs(o.params).map((p) => ({ ...p, value: p.value.slice(0, PARAM_LENGTH) }));
  if (params.length > 0) await mlflow(server, "POST", "runs/log-batch", { run_id: id, params: params.slice(0, PARAMS_AT_ONCE) });
  return id;
}

/** Log metrics; values that JSON has no number for are left out. Logged twice, a point stands once. */
export async function logMlflowPoints(server: MlflowServer, runId: string, points: readonly MlflowPoint[]): Promise<void> {
  const metrics = points.flatMap((p) =>
    Object.entries(p.values).flatMap(([key, value]) =>
      Number.isFinite(value) ? [{ key: keyOf(key), value, timestamp: Date.parse(p.at), step: p.step }] : [],
    ),
  );
  for (let first = 0; first < metrics.length; first += METRICS_AT_ONCE)
    await mlflow(server, "POST", "runs/log-batch", { run_id: runId, metrics: metrics.slice(first, first + METRICS_AT_ONCE) });
}

/** Say how a run stands. */
export async function setMlflowStatus(server: MlflowServer, runId: string, status: "RUNNING" | "FINISHED" | "FAILED" | "KILLED"): Promise<void> {
  await mlflow(server, "POST", "runs/update", { run_id: runId, status, ...(status === "RUNNING" ? {} : { end_time: Date.now() }) });
}

/** Letters, digits, "_", "-", ".", blank and "/" are what a metric's name may hold. */
const keyOf = (name: string) => name.replace(/[^\w\-. /]/g, "_");
const pairs = (of: Record<string, string>) => Object.entries(of).map(([key, value]) => ({ key, value }));

async function experimentId(server: MlflowServer, name: string): Promise<string> {
  const found = () => mlflow(server, "GET", `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`, undefined, "RESOURCE_DOES_NOT_EXIST");
  const there = await found();
  if (there !== null) return experimentSchema.parse(there).experiment.experiment_id;
  const made = await mlflow(server, "POST", "experiments/create", { name }, "RESOURCE_ALREADY_EXISTS");
  // null: another training has made it in the meantime.
  return made === null ? experimentSchema.parse(await found()).experiment.experiment_id : createdSchema.parse(made).experiment_id;
}

/** One request. @param answer an error code that is an answer. @returns null for it. */
async function mlflow(server: MlflowServer, method: "GET" | "POST", path: string, body?: unknown, answer?: string): Promise<unknown> {
  const where = `The MLflow server at ${server.url}`;
  let status: number;
  let text: string;
  try {
    const response = await request(`${server.url}/api/2.0/mlflow/${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    status = response.statusCode;
    text = await response.body.text();
  } catch (cause) {
    throw new InterveneError("unavailable", `${where} does not answer: ${messageOf(cause)}.`, { cause });
  }
  if (status < 300) return JSON.parse(text);
  const said = z.object({ error_code: z.string(), message: z.string() }).safeParse(parseJson(text));
  if (said.success && said.data.error_code === answer) return null;
  const words = said.success ? `${said.data.error_code}: ${said.data.message}` : text.slice(0, 200);
  throw new InterveneError(status >= 500 ? "unavailable" : "backend", `${where} answered ${status}: ${words}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
