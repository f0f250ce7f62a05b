import { z } from "zod";

/** Which attempts are published, by a word. */
export const ATTEMPT_CHOICES = ["all", "failed", "with-proposal"] as const;
export type AttemptChoice = (typeof ATTEMPT_CHOICES)[number];

/** What is published and how. */
export const publishRequestSchema = z.object({
  /** By what they came to, or so many of them drawn by `seed` from all. */
  attempts: z.union([z.enum(ATTEMPT_CHOICES), z.number().int().min(1).max(10_000_000)]).default("all"),
  /** Decides which ones a number draws; the same seed draws the same attempts. */
  seed: z.number().int().min(0).max(0x7fff_ffff).default(0),
  /** For review without names: the study's and the models' names, notes and times of day are left out. */
  anonymous: z.boolean().default(false),
  /** What people decided, and the steps that they rewrote. */
  decisions: z.boolean().default(false),
  /** Judges by name; otherwise they are "judge 1", "judge 2", …. */
  names: z.boolean().default(false),
});
export type PublishRequest = z.infer<typeof publishRequestSchema>;
/** As somebody asks for it: defaults may be left out. */
export type PublishWish = z.input<typeof publishRequestSchema>;

/** Why these do not go together, as a sentence; "" when they do. */
export function problemOf(request: PublishRequest): string {
  if (request.names && !request.decisions) return "Judges' names only matter with their decisions: ask for both, or for neither.";
  if (request.names && request.anonymous) return "Names cannot be shown in an anonymous publication.";
  return "";
}

/** The choice in words: "all attempts", "200 attempts, drawn with seed 0". */
export function choiceWords({ attempts, seed }: Pick<PublishRequest, "attempts" | "seed">): string {
  if (attempts === "all") return "all attempts";
  if (attempts === "failed") return "attempts with a wrong answer";
  if (attempts === "with-proposal") return "attempts with an intervention";
  return `${attempts} attempts, drawn with seed ${seed}`;
}
