import type { Stage } from "../../core/arms";
import { intSettingsSchema } from "../../core/settings";
import { branch } from "./branch";
import { continueFrom } from "./continue";
import { buildDataset } from "./dataset";
import { exportRows } from "./export";
import { grade } from "./grade";
import { importFromFile } from "./import";
import { keep } from "./keep";
import { publish } from "./publish";
import { reflect } from "./reflect";
import { rollout } from "./rollout";
import { score } from "./score";
import { type StageHandler, stage } from "./stage";
import { rl, sft } from "./train";
import { value } from "./value";
import { verify } from "./verify";

/** The handler of each stage; a stage without one does not compile. */
export const HANDLERS: Record<Stage, StageHandler> = {
  rollout: stage(intSettingsSchema, rollout),
  grade: stage(intSettingsSchema, grade),
  verify: stage(intSettingsSchema, verify),
  continue: stage(intSettingsSchema, continueFrom),
  keep: stage(intSettingsSchema, keep),
  branch,
  value,
  score,
  reflect,
  dataset: buildDataset,
  import: importFromFile,
  export: exportRows,
  publish,
  sft,
  rl,
};
