import { z } from "zod";
import { SOURCES } from "./sources";

/** How interventions that give the answer away are told (method.md, "The pipeline", 5): both rules are computed for each proposal. */
export const LEAK_RULES = ["equivalence", "substring", "none"] as const;
export type LeakRule = (typeof LEAK_RULES)[number];

/** win: a person's decision wins where there is one · only: rows without one are left out · ignore: the model's rows as they were. */
export const DECISION_RULES = ["win", "only", "ignore"] as const;
export type DecisionRule = (typeof DECISION_RULES)[number];

/** A one-turn prompt template with its texts, frozen. */
export const solveTemplateSchema = z.object({ id: z.string(), text: z.string() });
export type SolveTemplate = z.infer<typeof solveTemplateSchema>;

/** What is asked of a data set. Options that do not concern its source are kept and do nothing. */
export const datasetOptionsSchema = z.object({
  source: z.enum(SOURCES),
  /** Only problems of this set; null = all of the study. */
  problemSet: z.string().nullable().default(null),
  /** Only attempts by these models (names); empty = by the source's default, which creation fills in. */
  from: z.array(z.string()).default([]),
  /** Only problems that have a row in this ready data set of the study (its name): sources compared on equal problems. */
  matching: z.string().nullable().default(null),
  /** At most so many rows of one problem; 0 = no limit. */
  perProblem: z.number().int().min(0).default(0),
  /** At most so many rows of one attempt (self-reflection); 0 = no limit. */
  perAttempt: z.number().int().min(0).default(1),
  leak: z.enum(LEAK_RULES).default("equivalence"),
  decisions: z.enum(DECISION_RULES).default("win"),
  /** Ablation: the intervention alone, without the prefix. */
  withoutPrefix: z.boolean().default(false),
  /** Ablation: with a right continuation after it (the first by sample index); the answer is then whole. */
  withSuffix: z.boolean().default(false),
  /** Ablation: every chosen intervention, not only those with a success. */
  unfiltered: z.boolean().default(false),
  /** r1_think, r1_summary, self_reflection: only answers that are right. */
  onlyRight: z.boolean().default(true),
  /** hint: the leading share of the reference's steps, 0..1. */
  hintShare: z.number().min(0).max(1).default(0.5),
  /** hint: the share of prompts that carry a hint; the others are bare problems. */
  hintMix: z.number().min(0).max(1).default(0.5),
  /** hint: which prompts carry one is drawn with it. */
  seed: z.number().int().default(1),
});
export type DatasetOptions = z.infer<typeof datasetOptionsSchema>;

/** Frozen into the data set and its run: the options, and what was looked up when it was asked for. */
export const datasetSettingsSchema = datasetOptionsSchema.extend({
  /** User turn of rows whose attempt's run has no template of its own (references, imported attempts). */
  template: solveTemplateSchema,
  /** User turn of hinted prompts. */
  hintTemplate: solveTemplateSchema,
});
export type DatasetSettings = z.infer<typeof datasetSettingsSchema>;

/** What the stage's run is frozen with. */
export const datasetRunSchema = z.object({ datasetId: z.uuid() });
