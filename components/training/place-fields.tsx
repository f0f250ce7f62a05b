import type { LauncherSettings } from "@/server/core/training/launcher";
import { FieldGroup, NumberField, SelectField, TextField } from "../ui/fields";

const TRAINERS = [
  ["embedded", "embedded"],
  ["trl", "TRL (Python)"],
] as const;

const LAUNCHERS: readonly (readonly [LauncherSettings["kind"], string])[] = [
  ["local", "the worker’s machine"],
  ["slurm", "Slurm"],
  ["ray", "Ray"],
];

/** A launcher before anything is asked of it. */
const BLANK: Record<LauncherSettings["kind"], LauncherSettings> = {
  local: { kind: "local" },
  slurm: { kind: "slurm" },
  ray: { kind: "ray", address: "" },
};

/** What trains and where, the same for every training of a chain. */
export interface Place {
  trainer: "embedded" | "trl";
  launcher: LauncherSettings;
  /** null: all weights. */
  loraRank: number | null;
}

/** What nobody has to choose. */
export const OWN_PLACE: Place = { trainer: "embedded", launcher: { kind: "local" }, loraRank: null };

/** What stands in the way of training there; "" when nothing does. @param trlMissing of TRL where this server runs. */
export function missingThere(place: Place, trlMissing: string): string {
  if (place.launcher.kind === "ray" && !/^https?:\/\/\S/.test(place.launcher.address)) return "Give the address of Ray’s dashboard, such as http://127.0.0.1:8265.";
  return place.trainer === "trl" ? trlMissing : "";
}

/** A place as a request says it. */
export const asked = ({ trainer, launcher, loraRank }: Place) => ({ trainer, launcher, ...(loraRank === null ? {} : { loraRank }) });

export function PlaceFields({ place, onChange }: { place: Place; onChange: (place: Place) => void }) {
  const { trainer, launcher } = place;
  return (
    <FieldGroup title="What trains, and where">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
        <SelectField
          label="Trainer"
          value={trainer}
          options={TRAINERS}
          onChange={(chosen) => onChange({ ...place, trainer: chosen, loraRank: chosen === "trl" ? place.loraRank : null })}
        />
        {trainer === "trl" && (
          <NumberField
            label="LoRA rank"
            value={place.loraRank ?? 0}
            min={0}
            max={1024}
            step={1}
            onChange={(n) => onChange({ ...place, loraRank: n < 1 ? null : Math.round(n) })}
            hint="Adapters of this rank; 0: all weights."
          />
        )}
        <SelectField
          label="Runs on"
          value={launcher.kind}
          options={LAUNCHERS}
          onChange={(kind) => onChange({ ...place, launcher: BLANK[kind] })}
        />
        <LauncherFields launcher={launcher} onChange={(changed) => onChange({ ...place, launcher: changed })} />
      </div>
      {launcher.kind !== "local" && (
        <p className="max-w-prose text-sm text-faint">
          The data folder and this checkout have to lie on a file system that the {launcher.kind === "ray" ? "cluster" : "nodes"} see under the same path.
        </p>
      )}
    </FieldGroup>
  );
}

/** What is asked for there. What is left empty is the cluster's own. */
function LauncherFields({ launcher, onChange }: { launcher: LauncherSettings; onChange: (launcher: LauncherSettings) => void }) {
  const said = (value: string) => (value.trim() === "" ? undefined : value.trim());
  const wanted = (n: number) => (n === 0 ? undefined : n);
  switch (launcher.kind) {
    case "local":
      return null;
    case "slurm":
      return (
        <>
          <TextField label="Partition" value={launcher.partition ?? ""} onChange={(v) => onChange({ ...launcher, partition: said(v) })} />
          <TextField label="Resources (gres)" value={launcher.gres ?? ""} onChange={(v) => onChange({ ...launcher, gres: said(v) })} hint="In Slurm’s words, such as gpu:1." />
          <TextField label="Time limit" value={launcher.time ?? ""} onChange={(v) => onChange({ ...launcher, time: said(v) })} hint="Such as 04:00:00. At its end a checkpoint is left." />
          <TextField label="Account" value={launcher.account ?? ""} onChange={(v) => onChange({ ...launcher, account: said(v) })} />
          <TextField label="Login node" value={launcher.host ?? ""} onChange={(v) => onChange({ ...launcher, host: said(v) })} hint="By ssh; empty: Slurm’s commands are on the worker’s machine." />
        </>
      );
    case "ray":
      return (
        <>
          <TextField label="Dashboard’s address" value={launcher.address} onChange={(v) => onChange({ ...launcher, address: v.trim() })} required hint="Such as http://127.0.0.1:8265." />
          <NumberField label="GPUs" value={launcher.gpus ?? 0} min={0} max={1024} step="any" onChange={(n) => onChange({ ...launcher, gpus: wanted(n) })} />
          <NumberField label="CPUs" value={launcher.cpus ?? 0} min={0} max={4096} step="any" onChange={(n) => onChange({ ...launcher, cpus: wanted(n) })} hint="0: as Ray does by itself." />
        </>
      );
  }
}
