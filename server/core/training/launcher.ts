import { z } from "zod";

/** A process group on the worker's own machine. */
const local = z.object({ kind: z.literal("local") });

/** Slurm: sbatch and its kin, on this machine or through ssh. The data folder is on a file system that both see. */
const slurm = z.object({
  kind: z.literal("slurm"),
  /** ssh's name of a login node; not set: the commands are on this machine. */
  host: z.string().min(1).optional(),
  partition: z.string().min(1).optional(),
  account: z.string().min(1).optional(),
  /** Slurm's own words, e.g. "gpu:4". */
  gres: z.string().min(1).optional(),
  time: z.string().min(1).optional(),
});

/** Ray Jobs, by the REST interface of a head node. The data folder is on a file system that both see. */
const ray = z.object({
  kind: z.literal("ray"),
  /** Of the dashboard, e.g. http://127.0.0.1:8265. */
  address: z.url({ protocol: /^https?$/ }),
  gpus: z.coerce.number().min(0).optional(),
  cpus: z.coerce.number().min(0).optional(),
});

/** Where a training runs, with what it asks for there. */
export const launcherSchema = z.discriminatedUnion("kind", [local, slurm, ray]);
export type LauncherSettings = z.infer<typeof launcherSchema>;
export type SlurmSettings = z.infer<typeof slurm>;
export type RaySettings = z.infer<typeof ray>;

/**
 * A launcher in one line, as the command line and the page take it: "local", "slurm", "slurm:partition=gpu,gres=gpu:4,host=login",
 * "ray:address=http://127.0.0.1:8265,gpus=1".
 * @returns null when it is none.
 */
export function parseLauncher(text: string): LauncherSettings | null {
  const at = text.indexOf(":");
  const kind = (at < 0 ? text : text.slice(0, at)).trim();
  const options: Record<string, string> = {};
  for (const part of at < 0 ? [] : text.slice(at + 1).split(",")) {
    const equals = part.indexOf("=");
    if (equals < 1) return null;
    options[part.slice(0, equals).trim()] = part.slice(equals + 1).trim();
  }
  const parsed = z.discriminatedUnion("kind", [local.strict(), slurm.strict(), ray.strict()]).safeParse({ kind, ...options });
  return parsed.success ? parsed.data : null;
}
