import { describe, expect, it } from "vitest";
import { planOf } from "@/workers/engine/plan";

const none = {
  context: undefined,
  sequences: undefined,
  lanes: undefined,
  threads: undefined,
  kv: undefined,
  gpu: undefined,
};
const small = { bytes: 13e6, trainContext: 1000, gpu: false, cores: 2 };
const large = { bytes: 2.5e9, trainContext: 262_144, gpu: false, cores: 8 };

describe("how a model is spread", () => {
  it("gives a small model one thread for each lane, a lane for each core, and exact scores", () => {
    const plan = planOf(none, small);
    expect(plan).toMatchObject({ contextSize: 1000, perLane: 16 });
    expect(plan.lanes).toHaveLength(2);
    // 1,000 positions are 1,024 cells in each of 16 sequences.
    expect(plan.lanes[0]).toMatchObject({ contextSize: 16_384, sequences: 16, threads: 1, flashAttention: true });
    expect(plan.scorer).toMatchObject({ threads: 1, flashAttention: false, kvCacheKeyType: 0, kvCacheValueType: 0 });
    expect(planOf(none, { ...small, cores: 64 }).lanes).toHaveLength(3);
  });
  it("gives a large model one context, all cores but one where there is no GPU, and a context that fits", () => {
    const plan = planOf(none, large);
    expect(plan).toMatchObject({ contextSize: 8192, perLane: 4, scorer: undefined });
    expect(plan.lanes).toMatchObject([{ threads: 7, flashAttention: true }]);
  });
  it("does what it is told", () => {
    const plan = planOf({ ...none, context: 512, sequences: 9, lanes: 2, threads: 2, kv: "f32" }, small);
    expect(plan).toMatchObject({ contextSize: 512, perLane: 5, scorer: undefined });
    expect(plan.lanes).toMatchObject([{ threads: 2, kvCacheKeyType: 0 }, { threads: 2 }]);
  });
});
