import { rlSettingsSchema, sftSettingsSchema } from "../../core/training/settings";
import { train } from "../training/train";
import { wholeTask } from "./stage";

/** Supervised fine-tuning on a data set. */
export const sft = wholeTask(sftSettingsSchema, (ctx, task) => train(ctx, task, { kind: "sft", ...ctx.settings }));

/** Reinforcement learning (GRPO) on a problem set. */
export const rl = wholeTask(rlSettingsSchema, (ctx, task) => train(ctx, task, { kind: "grpo", ...ctx.settings }));
