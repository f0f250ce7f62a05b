import { asksForHint, DEFAULT_HINT_SHARE } from "./hint-arms";
import { LAB_SOLVE, LAB_SOLVE_WITH_HINT, LAB_VERIFY } from "./prompts/lab";
import { PAPER_SOLVE, PAPER_SOLVE_WITH_HINT, PAPER_VERIFY } from "./prompts/paper";
import type { PromptTemplate } from "./prompts/template";
import type { IntSettings, Sampling } from "./settings";

/** What a caller may change of a recipe's settings; everything left out keeps its default. */
export interface IntOverrides
  extends Partial<Omit<IntSettings, "rollout" | "verify" | "continuation">> {
  rollout?: Partial<IntSettings["rollout"]>;
  verify?: Partial<IntSettings["verify"]>;
  continuation?: Partial<IntSettings["continuation"]>;
}

/**
 * The lab's InT run: small enough for a few minutes on two cores, sampled as the lab model was trained to be sampled
 * (workers/lab/model/generation_config.json).
 */
export function labIntSettings(overrides: IntOverrides = {}): IntSettings {
  const sampling = (maxTokens: number): Sampling => ({ temperature: 1, topP: 0.95, topK: 0, minP: 0, maxTokens });
  return merged(
    {
      seed: 1,
      problemSet: "lab-hard",
      maxProblems: 48,
      rollout: { samples: 4, sampling: sampling(320), template: frozen(LAB_SOLVE) },
      verify: { samples: 4, sampling: sampling(640), template: frozen(LAB_VERIFY) },
      continuation: {
        arms: ["problem", "prefix", "original", "intervention"],
        samples: 8,
        problemSamples: 32,
        sampling: sampling(320),
      },
      bareAnswers: false,
    },
    overrides,
    LAB_SOLVE_WITH_HINT,
  );
}

/**
 * The authors' settings (method.md, "The pipeline"; base model Qwen3-4B-Instruct-2507): 4 rollouts and 4 proposals,
 * temperature 0.7, top_p 0.8, top_k 20, 16,384 tokens, 32 continuations per arm.
 */
export function paperIntSettings(overrides: IntOverrides = {}): IntSettings {
  const sampling: Sampling = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, maxTokens: 16_384 };
  return merged(
    {
      seed: 1,
      problemSet: "",
      maxProblems: 0,
      rollout: { samples: 4, sampling: { ...sampling }, template: frozen(PAPER_SOLVE) },
      verify: { samples: 4, sampling: { ...sampling }, template: frozen(PAPER_VERIFY) },
      continuation: {
        arms: ["problem", "prefix", "original", "intervention"],
        samples: 32,
        problemSamples: 32,
        sampling: { ...sampling },
      },
      bareAnswers: false,
    },
    overrides,
    PAPER_SOLVE_WITH_HINT,
  );
}

function merged(base: IntSettings, o: IntOverrides, hintTemplate: PromptTemplate): IntSettings {
  const continuation = { ...base.continuation, ...o.continuation };
  // Frozen only where it is used: a run without hints says nothing of them.
  const hint = asksForHint(continuation.arms) ? { share: DEFAULT_HINT_SHARE, template: frozen(hintTemplate) } : undefined;
  return {
    ...base,
    ...o,
    rollout: { ...base.rollout, ...o.rollout },
    verify: { ...base.verify, ...o.verify },
    continuation: { ...(hint ? { hint } : {}), ...continuation },
  };
}

/** A template as it is frozen into settings: a copy, so that no run shares an object with the code's constants. */
function frozen(template: PromptTemplate): IntSettings["rollout"]["template"] {
  return { ...template, turns: template.turns.map((turn) => ({ ...turn })) };
}
