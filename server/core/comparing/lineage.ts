/**
 * What was done to a model: the chain of trainings from the model it all began with. Models with the same lineage and other
 * seeds are one row of a comparison.
 */
import { SOURCE_LABEL, SOURCES } from "../datasets/sources";
import { rlSettingsSchema, sftSettingsSchema } from "../training/settings";

/** A model as its row and the training that made it tell of it. */
export interface TrainedModel {
  id: string;
  name: string;
  parentId: string | null;
  /** null: nothing here made it. */
  madeBy: {
    kind: string;
    baseId: string | null;
    /** Settings of its run, as they were frozen. */
    settings: Readonly<Record<string, unknown>>;
    dataset: { name: string; source: string; settings: Readonly<Record<string, unknown>>; digest: string } | null;
    problemSet: string | null;
  } | null;
}

/** One training of a lineage. */
export interface LineageStep {
  /** "RL", "hint-guided RL", "SFT on reference", "InT". */
  words: string;
  seed: number | null;
  /** What it was done with; two trainings that differ in one of these are two things. Shown only where words do not tell. */
  facts: readonly (readonly [string, string])[];
}

export interface Lineage {
  modelId: string;
  model: string;
  /** The model it began with. */
  root: { id: string; name: string };
  steps: readonly LineageStep[];
}

/** Settings that say where and how a training ran, not what it did. */
const INCIDENTAL = new Set(["name", "seed", "threads", "launcher", "checkpointEvery", "microBatchTokens", "dataset", "problemSet"]);

/** Lineages of some models, walked up to where nothing is known of their making. */
export function lineagesOf(models: readonly TrainedModel[]): Map<string, Lineage> {
  const byId = new Map(models.map((m) => [m.id, m]));
  const done = new Map<string, Lineage>();
  const walk = (model: TrainedModel, below: ReadonlySet<string>): Lineage => {
    const known = done.get(model.id);
    if (known !== undefined) return known;
    const parentId = model.madeBy?.baseId ?? model.parentId;
    const parent = parentId === null ? undefined : byId.get(parentId);
    let lineage: Lineage;
    if (parent === undefined || below.has(parent.id)) {
      const steps = model.madeBy === null ? [] : [stepOf(model.madeBy)];
      const root = steps.length === 0 ? { id: model.id, name: model.name } : { id: parentId ?? "", name: "a model that is gone" };
      lineage = { modelId: model.id, model: model.name, root, steps };
    } else {
      const before = walk(parent, new Set([...below, model.id]));
      // A child without a training (imported) is something else than its parent; only its name tells what.
      const step = model.madeBy === null ? { words: model.name, seed: null, facts: [] } : stepOf(model.madeBy);
      lineage = { modelId: model.id, model: model.name, root: before.root, steps: [...before.steps, step] };
    }
    done.set(model.id, lineage);
    return lineage;
  };
  for (const model of models) walk(model, new Set());
  return done;
}

function stepOf(made: NonNullable<TrainedModel["madeBy"]>): LineageStep {
  const { dataset } = made;
  const settings = withDefaults(made);
  const facts: [string, string][] = [];
  if (dataset !== null) facts.push(["data set", dataset.name], ["digest", dataset.digest]);
  else if (typeof settings.dataset === "string") facts.push(["data set", settings.dataset]);
  if (made.kind !== "sft") facts.push(["problem set", made.problemSet ?? String(settings.problemSet ?? "")]);
  facts.push(...flat(settings, ""));
  return {
    words: made.kind === "sft" ? sftWords(dataset, settings) : settings.hints ? "hint-guided RL" : "RL",
    seed: typeof settings.seed === "number" ? settings.seed : null,
    facts,
  };
}

/** A setting that is newer than a training stands at what it means not to have it: that makes no second row. */
function withDefaults({ kind, settings }: NonNullable<TrainedModel["madeBy"]>): Readonly<Record<string, unknown>> {
  const parsed = (kind === "sft" ? sftSettingsSchema : rlSettingsSchema).partial().safeParse(settings);
  return parsed.success ? { ...settings, ...parsed.data } : settings;
}

/** Method.md, "SFT data sources" and "What to clone". */
function sftWords(dataset: NonNullable<TrainedModel["madeBy"]>["dataset"], settings: Readonly<Record<string, unknown>>): string {
  if (dataset === null) return `SFT on ${String(settings.dataset ?? "a data set that is gone")}`;
  const source = SOURCES.find((s) => s === dataset.source);
  if (source === undefined) return `SFT on ${dataset.name}`;
  if (source === "self_reflection") return "SFT on self-reflections";
  if (source !== "int") return `SFT on ${SOURCE_LABEL[source]}`;
  const o = dataset.settings;
  const ablations = [
    o.withoutPrefix === true && "without prefix",
    o.withSuffix === true && "with suffix",
    o.unfiltered === true && "unfiltered",
    o.decisions === "only" && "judged by people",
  ].filter((word) => word !== false);
  return ablations.length === 0 ? "InT" : `InT, ${ablations.join(", ")}`;
}

/** Settings as pairs of a dotted name and a text, in the order of their names; what is incidental is left out. */
function flat(value: Readonly<Record<string, unknown>>, path: string): [string, string][] {
  return Object.entries(value)
    .filter(([key]) => !INCIDENTAL.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, inner]): [string, string][] => {
      const plain = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : null;
      // A prompt's id stands for its texts.
      if (key === "template" && plain !== null) return [[`${path}template`, String(plain.id)]];
      if (plain !== null) return flat(plain, `${path}${key}.`);
      return [[`${path}${key}`, typeof inner === "string" ? inner : JSON.stringify(inner ?? null)]];
    });
}

/** What two models must share to be one row. */
function keyOf(lineage: Lineage): string {
  return JSON.stringify([lineage.root.id, lineage.steps.map((s) => [s.words, s.facts])]);
}

/** Models that differ in nothing but their seeds. */
export interface LineageGroup {
  /** Unique among its groups: what a row is called and known by. */
  label: string;
  /** By seed, then name. */
  members: readonly Lineage[];
}

/**
 * Lineages in groups of equal ones, in the order of the paper's final table, what it does not have after that. Where several
 * groups would be called the same, what they differ in is added.
 */
export function groupLineages(lineages: readonly Lineage[]): LineageGroup[] {
  const groups = new Map<string, Lineage[]>();
  for (const lineage of lineages) {
    const key = keyOf(lineage);
    groups.set(key, [...(groups.get(key) ?? []), lineage]);
  }
  const lists = [...groups.values()];
  const roots = new Set(lists.map(([first]) => first?.root.id));
  const plain = lists.map((members) => labelOf(members[0], roots.size > 1));
  return lists
    .map((members, i) => {
      const rivals = lists.filter((_, j) => j !== i && plain[j] === plain[i]);
      const label = `${plain[i]}${rivals.length === 0 ? "" : differences(members[0], rivals)}`;
      return { label, members: members.sort((a, b) => seedOrder(a, b)) };
    })
    .sort((a, b) => compareRanks(rankOf(a.members[0]), rankOf(b.members[0])) || (a.label < b.label ? -1 : 1))
    .map((group, i, all) => {
      // Two models that nothing tells apart but their names (two imports of one base, say).
      const same = all.filter((g) => g.label === group.label);
      return same.length === 1 ? group : { ...group, label: `${group.label} (${group.members[0]?.model ?? i})` };
    });
}

/** "base", "+ InT + RL"; with several models to begin with, their names in front. */
function labelOf(lineage: Lineage | undefined, named: boolean): string {
  if (lineage === undefined) return "";
  const steps = lineage.steps.map((s) => `+ ${s.words}`).join(" ");
  if (named) return steps === "" ? lineage.root.name : `${lineage.root.name} ${steps}`;
  return steps === "" ? "base" : steps;
}

/** What sets a lineage apart from others with the same words, in brackets. */
function differences(mine: Lineage | undefined, rivals: readonly Lineage[][]): string {
  const words: string[] = [];
  for (const [i, step] of (mine?.steps ?? []).entries()) {
    for (const [name, value] of step.facts) {
      if (name === "digest") continue;
      const others = rivals.map((r) => r[0]?.steps[i]?.facts.find(([n]) => n === name)?.[1]);
      if (others.some((other) => other !== value)) words.push(factWords(name, value));
    }
  }
  return words.length === 0 ? "" : ` (${[...new Set(words)].join(", ")})`;
}

function factWords(name: string, value: string): string {
  if (name === "data set") return value;
  if (name === "problem set") return `on ${value}`;
  if (name === "steps") return `${value} steps`;
  if (name === "epochs") return `${value} epochs`;
  if (name === "optimizer.learningRate") return `lr ${value}`;
  if (name === "trainer") return value === "trl" ? "TRL" : `${value} trainer`;
  if (name === "lora") return "all weights";
  if (name === "lora.rank") return `LoRA of rank ${value}`;
  if (name === "holdOut") return value === "0" ? "all rows" : `${Math.round(Number(value) * 100)} % held out`;
  if (name === "hints.hintShare") return `hints of ${Math.round(Number(value) * 100)} %`;
  return `${name.split(".").at(-1)} ${value}`;
}

const FIRST = ["RL", "hint-guided RL", "SFT on reference", "SFT on R1 think", "SFT on R1 summary", "SFT on self-reflections", "InT"];

/** Place in the paper's order: by the first training, then by how many there are. */
function rankOf(lineage: Lineage | undefined): number[] {
  const [first] = lineage?.steps ?? [];
  if (first === undefined) return [0, 0];
  const at = FIRST.findIndex((words) => first.words === words || first.words.startsWith(`${words},`));
  return [at < 0 ? FIRST.length + 1 : at + 1, lineage?.steps.length ?? 0];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}

function seedOrder(a: Lineage, b: Lineage): number {
  const [x, y] = [seedsOf(a), seedsOf(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const by = (x[i] ?? 0) - (y[i] ?? 0);
    if (by !== 0) return by;
  }
  return a.model < b.model ? -1 : 1;
}

function seedsOf(lineage: Lineage): number[] {
  return lineage.steps.flatMap((s) => (s.seed === null ? [] : [s.seed]));
}

/** The seed of a lineage: one number where its trainings share it, "1/2" where not, null where none has one. */
export function seedWords(lineage: Lineage): string | null {
  const seeds = [...new Set(seedsOf(lineage))];
  return seeds.length === 0 ? null : seeds.join("/");
}
