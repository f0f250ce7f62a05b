import { int, struct, text } from "../fields";
import type { ExportFormat } from "../format";
import { messagesField, user } from "./messages";

/** verl's RL rows (github.com/verl-project/verl, docs/preparation/prepare_data.rst): one problem each, the answer as ground truth. */
export const verlRl: ExportFormat<"problems"> = {
  id: "verl-rl",
  label: "verl: RL",
  about: "One problem a row with its answer as ground truth, for verl.trainer.main_ppo.",
  source: "github.com/verl-project/verl: docs/preparation/prepare_data.rst",
  shape: "problems",
  files: ["parquet"],
  fields: [
    text("data_source", "the problem set; the reward function is chosen by it"),
    messagesField("prompt", "the problem as the user's turn"),
    text("ability"),
    struct("reward_model", [text("style"), text("ground_truth")], "how it is graded"),
    struct("extra_info", [text("split"), int("index"), text("id"), text("answer"), text("reference")]),
  ],
  row: (p) => ({
    data_source: p.problemSet,
    prompt: [user(p.statement)],
    ability: "math",
    reward_model: { style: "rule", ground_truth: p.answer },
    extra_info: { split: "train", index: p.ordinal, id: p.key, answer: p.answer, reference: p.reference },
  }),
  load: (written) =>
    `python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo data.train_files=train.parquet data.val_files=train.parquet actor_rollout_ref.model.path=${written.baseModel || "BASE_MODEL"} actor_rollout_ref.rollout.n=8`,
};
