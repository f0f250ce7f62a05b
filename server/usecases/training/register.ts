import { access, cp, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { parseEnv } from "../../env";
import { homePaths } from "../../home";
import { exclusively } from "../../store/exclusive";
import { pendingSamples } from "../../store/read/pending-samples";
import { inTransaction } from "../../store/transaction";
import { isTrainedNext, registerModel, type TrainingRow } from "../../store/training/rows";
import type { StageContext, Task } from "../stages/stage";
import { type ServeOptions, serveModel } from "./serve";

/** A server may take so long to load a model that it was handed (ms). */
const SERVED_WITHIN = 30 * 60_000;
/** Time between two looks at it (ms). */
const SERVED_EVERY = 2_000;

/** Put the model where it is served from, and make it a model of the study. */
export async function register(
  ctx: StageContext<unknown>,
  task: Task,
  o: { training: TrainingRow; name: string; model: string; home: string },
): Promise<void> {
  const { training, name } = o;
  const servedName = `${slug(name)}-${training.id.slice(-8)}`;
  const target = path.join(homePaths(o.home).models, servedName);
  if (!(await exists(target))) {
    await mkdir(path.dirname(target), { recursive: true });
    await rm(`${target}.part`, { recursive: true, force: true });
    await cp(o.model, `${target}.part`, { recursive: true });
    await rename(`${target}.part`, target);
  }
  const env = parseEnv();
  // A server of one model is not given one that only the next training starts from.
  const inBetween = env.inferenceServer === "sglang" && (await isTrainedNext(ctx.pool, ctx.item));
  if (!inBetween)
    await serveModel({
      env,
      name: servedName,
      folder: target,
      served: () => ctx.models.get(servedName),
      swap: swapsIn(ctx, task, servedName),
      say: (message) => task.save({ message }),
      signal: ctx.signal,
      withinMs: SERVED_WITHIN,
      everyMs: SERVED_EVERY,
    });
  const { id: trainingId, base } = training;
  await inTransaction(ctx.pool, async (tx) => {
    const { runId, studyId } = ctx.item;
    const modelId = await registerModel(tx, { trainingId, runId, studyId, name, servedName, parentId: base?.id ?? "" });
    await task.save({ message: "", result: { model: name, modelId, servedName } }, tx);
  });
}

/** How trainings that end at the same time take turns at a server of one model. */
function swapsIn(ctx: StageContext<unknown>, task: Task, servedName: string): ServeOptions["swap"] {
  const waiting = () => task.save({ message: "Waiting: another training's model is being put into the inference server." });
  return {
    inUse: async () => {
      // A server of one model serves one name.
      const [held] = await ctx.models.names();
      if (held === undefined || held === servedName) return "";
      const others = await pendingSamples(ctx.pool, held, ctx.item.pipelineId);
      return others.map((m) => `"${m.model}" of study "${m.study}" is still to be sampled (${m.runs} ${m.runs === 1 ? "run" : "runs"}).`).join(" ");
    },
    alone: (work) => exclusively(ctx.pool, "intervene: weights of the inference server", { signal: ctx.signal, everyMs: SERVED_EVERY, waiting }, work),
  };
}

/** A served name: one part of a path, in letters that need no quoting. */
function slug(name: string): string {
  const plain = name.replace(/[^\w.+-]+/g, "-").replace(/^[^\w]+/, "");
  return plain === "" ? "model" : plain.slice(0, 60);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
