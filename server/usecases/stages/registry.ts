import type { Stage } from "../../core/arms";
import { continueFrom } from "./continue";
import { grade } from "./grade";
import { keep } from "./keep";
import { rollout } from "./rollout";
import type { StageHandler } from "./stage";
import { verify } from "./verify";

/** The handler of each stage; a stage without one does not compile. */
export const HANDLERS: Record<Stage, StageHandler> = { rollout, grade, verify, continue: continueFrom, keep };
