import type { OptimizerSettings } from "@/server/core/training/spec";
import type { Weights } from "./graph/network";

/** AdamW (Loshchilov & Hutter 2019) over named arrays, in place. */
export class Adam {
  private frozen = false;
  private midway = false;

  constructor(
    private readonly settings: OptimizerSettings,
    /** First and second moments, as a checkpoint keeps them. */
    readonly first: Weights = new Map(),
    readonly second: Weights = new Map(),
    /** Steps made. */
    public count = 0,
  ) {}

  /** Change nothing any more. @returns false in the middle of several steps on the same samples: that state is not to be kept. */
  freeze(): boolean {
    this.frozen = true;
    return !this.midway;
  }

  /** @returns the gradients' norm before clipping. @param last false when another step on the same samples follows. */
  step(weights: Weights, gradients: Weights, learningRate: number, last = true): number {
    if (this.frozen) throw new Error("the training was stopped");
    this.midway = !last;
    const { beta1, beta2, eps, weightDecay, maxGradNorm } = this.settings;
    this.count++;
    const norm = normOf(gradients);
    const scale = maxGradNorm > 0 && norm > maxGradNorm ? maxGradNorm / norm : 1;
    const [unbias1, unbias2] = [1 - beta1 ** this.count, 1 - beta2 ** this.count];
    for (const [name, w] of weights) {
      const g = gradients.get(name);
      if (g === undefined) throw new Error(`there is no gradient of ${name}`);
      const m = moment(this.first, name, w.length);
      const v = moment(this.second, name, w.length);
      const decay = name.includes("norm") ? 0 : learningRate * weightDecay;
      for (let i = 0; i < w.length; i++) {
        const gi = (g[i] as number) * scale;
        const mi = beta1 * (m[i] as number) + (1 - beta1) * gi;
        const vi = beta2 * (v[i] as number) + (1 - beta2) * gi * gi;
        m[i] = mi;
        v[i] = vi;
        const wi = w[i] as number;
        w[i] = wi - decay * wi - (learningRate * (mi / unbias1)) / (Math.sqrt(vi / unbias2) + eps);
      }
    }
    return norm;
  }
}

function moment(of: Weights, name: string, length: number): Float32Array {
  let array = of.get(name);
  if (array === undefined) {
    array = new Float32Array(length);
    of.set(name, array);
  }
  return array;
}

function normOf(gradients: Weights): number {
  let sum = 0;
  for (const g of gradients.values()) for (let i = 0; i < g.length; i++) sum += (g[i] as number) * (g[i] as number);
  return Math.sqrt(sum);
}
