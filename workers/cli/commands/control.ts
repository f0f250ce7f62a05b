import type { Command } from "commander";
import { InterveneError } from "@/server/errors";
import { findStudy, listPipelines } from "@/server/store/views/studies";
import type { RunChange, RunTarget } from "@/server/usecases/control-run";
import type { Deps } from "@/server/usecases/deps";
import { counted, printJson, printLine } from "../output";
import { withDeps } from "../with-deps";

const CHANGES = [
  { name: "pause", change: "pauseRun", says: "stop taking new work; what is being sampled is finished" },
  { name: "resume", change: "resumeRun", says: "go on where it was paused" },
  { name: "cancel", change: "cancelRun", says: "stop for good; what was made stays" },
] as const;

interface Options {
  study: string;
  run?: string;
  json?: boolean;
}

/** pause, resume, cancel and retry act on the newest recipe of a study, or on one run. */
export function addControl(program: Command): void {
  for (const { name, change, says } of CHANGES) {
    command(program, name, says, async (deps, options, target) => {
      const control = await import("@/server/usecases/control-run");
      const changes = await control[change](deps, target);
      if (options.json) await printJson({ study: options.study, runs: changes });
      else await printLine(changes.map(tell).join("\n"));
    });
  }
  command(program, "retry", "try the failed items again", async (deps, options, target) => {
    const { retryFailed } = await import("@/server/usecases/control-run");
    const items = await retryFailed(deps, target);
    if (options.json) await printJson({ study: options.study, items });
    else await printLine(`${counted(items, "failed item")} will be tried again.`);
  });
}

const tell = (c: RunChange) => `${c.stage}: ${c.before === c.after ? `stays ${c.after}` : `${c.before} → ${c.after}`}`;

function command(
  program: Command,
  name: string,
  says: string,
  act: (deps: Deps, options: Options, target: RunTarget) => Promise<void>,
): void {
  program
    .command(name)
    .description(says)
    .requiredOption("--study <name>", "which study; its newest recipe is meant")
    .option("--run <id>", "that run of it alone, as status --json names it")
    .option("--json", "print one JSON document")
    .action((options: Options) => withDeps(async (deps) => act(deps, options, await targetOf(deps, options))));
}

async function targetOf(deps: Deps, { study: name, run }: Options): Promise<RunTarget> {
  const study = await findStudy(deps.pool, name);
  if (!study) throw new InterveneError("not_found", `There is no study "${name}"; "intervene status" lists them all.`);
  if (run !== undefined) {
    const found = /^[\da-f-]{36}$/i.test(run) ? await deps.prisma.run.findFirst({ where: { id: run, studyId: study.id } }) : null;
    if (found) return { runId: found.id };
    throw new InterveneError("not_found", `Study "${name}" has no run ${run}; "intervene status --json" names them.`);
  }
  const newest = (await listPipelines(deps.pool, [study.id])).get(study.id)?.[0];
  if (!newest)
    throw new InterveneError("not_found", `Study "${name}" has no recipe running or run: "intervene run" starts one.`);
  return { pipelineId: newest.id };
}
