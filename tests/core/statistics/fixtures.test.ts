import { describe, expect, test } from "vitest";
import { betaInterval, betaQuantile, logBeta, regularizedBeta } from "@/server/core/statistics/beta";
import { holmAdjusted } from "@/server/core/statistics/holm";
import { bootstrapMeanInterval, bootstrapRatioInterval } from "@/server/core/statistics/intervals";
import { pairedDifference } from "@/server/core/statistics/pairedBootstrap";
import { passAtK } from "@/server/core/statistics/passAtK";
import { passAtKCurve, passAtKs } from "@/server/core/statistics/passAtKCurve";
import { signFlipTest } from "@/server/core/statistics/permutation";
import { averageRanks, spearman } from "@/server/core/statistics/spearman";
import { weightedMean } from "@/server/core/statistics/weightedMeans";
import fixtures from "./fixtures.json";

/** What NumPy and SciPy say (fixtures.py), to 1e-9. */
const close = (actual: number | null | undefined, expected: number | undefined, what: string) => {
  expect(actual, what).not.toBeNull();
  expect(Math.abs((actual ?? Number.NaN) - (expected ?? Number.NaN)), `${what}: ${actual} is not ${expected}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected ?? 0)),
  );
};
const closeInterval = (actual: { value: number; low: number | null; high: number | null } | null, expected: readonly number[], what: string) => {
  close(actual?.value, expected[0], `${what}, value`);
  close(actual?.low, expected[1], `${what}, low`);
  close(actual?.high, expected[2], `${what}, high`);
};
/** The fixtures' draws: 400 resamples from seed 7. */
const DRAWS = { resamples: 400, seed: 7 };

describe("against NumPy and SciPy", () => {
  test("pass@k, also of 10,000 samples (Chen et al. 2021)", () => {
    expect(fixtures.passAtK.length).toBeGreaterThan(150);
    for (const { n, c, k, value } of fixtures.passAtK) {
      close(passAtK(n, c, k), value, `pass@${k} of ${c}/${n}`);
      close(passAtKs({ n, c }, [k])[0], value, `pass@${k} of ${c}/${n}, all k at once`);
    }
  });

  test("Beta quantiles, integrals and ln B (SciPy)", () => {
    for (const { a, b, quantiles, integrals, logBeta: ln } of fixtures.beta) {
      close(logBeta(a, b), ln, `ln B(${a}, ${b})`);
      for (const { x, i } of integrals) close(regularizedBeta(x, a, b), i, `I(${x}; ${a}, ${b})`);
      for (const { p, x } of quantiles) {
        close(betaQuantile(p, a, b), x, `quantile ${p} of Beta(${a}, ${b})`);
        expect(Math.abs(betaQuantile(p, a, b) / x - 1)).toBeLessThan(1e-9);
      }
    }
  });

  test("Spearman's correlation with ties, ranks, and Fisher's interval", () => {
    for (const { x, y, rho, ranks, fisher } of fixtures.spearman) {
      expect([...averageRanks(x)]).toEqual(ranks);
      const ours = spearman(x, y, DRAWS);
      close(ours?.value, rho, "rho");
      if (fisher === null) expect(ours?.fisher).toBeNull();
      else {
        close(ours?.fisher?.low, fisher[0], "low");
        close(ours?.fisher?.high, fisher[1], "high");
        // The bootstrap of pairs is another way to the same interval: within a third of its width.
        expect(Math.abs((ours?.low ?? 0) - (fisher[0] ?? 0))).toBeLessThan(((fisher[1] ?? 0) - (fisher[0] ?? 0)) / 3);
      }
    }
  });

  test("Holm's adjusted p-values", () => {
    for (const { p, adjusted } of fixtures.holm)
      for (const [i, ours] of holmAdjusted(p).entries()) close(ours, adjusted[i], `p ${p[i]}`);
  });

  test("sign flips: all of them for few problems, 10,000 for many", () => {
    for (const { a, b, p } of fixtures.signFlip) {
      const ours = signFlipTest(a, b);
      expect(ours?.exact).toBe(true);
      close(ours?.p, p, `p of ${a.length} problems`);
    }
    for (const { differences, p } of fixtures.signFlipMany) {
      const ours = signFlipTest(differences, new Float64Array(differences.length), { flips: 40_000 });
      expect(ours?.exact).toBe(false);
      // A share of 40,000 flips around the exact p: four standard errors.
      expect(Math.abs((ours?.p ?? 0) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 40_000) + 1 / 40_000);
    }
  });

  test("bootstraps, with the same draws", () => {
    for (const f of fixtures.bootstrap) {
      closeInterval(bootstrapMeanInterval(f.a, DRAWS), f.mean, "mean");
      closeInterval(bootstrapRatioInterval(f.c, f.n, DRAWS), f.ratio, "ratio");
      closeInterval(pairedDifference(f.a, f.b, DRAWS), f.paired, "paired difference");
      const texts = f.nll.map((sum, i) => ({ sum, tokens: f.n[i] ?? 0 }));
      closeInterval(weightedMean(texts, "token", DRAWS), f.token, "mean per token");
      closeInterval(weightedMean(texts, "text", DRAWS), f.text, "mean of texts' means");
      expect(weightedMean(texts, "token", DRAWS)).toMatchObject({ weights: "token", texts: f.n.length, tokens: f.n.reduce((s, n) => s + n, 0) });
    }
  });

  test("bootstraps, with SciPy's own draws: quantiles within their sampling error", () => {
    for (const { a, b, scipyPaired } of fixtures.bootstrap) {
      const [low = 0, high = 0, deviation = 0] = scipyPaired;
      const ours = pairedDifference(a, b, { resamples: 20_000 });
      // A 2.5 % quantile of 20,000 near-normal draws has a standard error of 0.019 deviations, the difference of two 0.027.
      expect(Math.abs((ours?.low ?? 0) - low)).toBeLessThan(5 * 0.027 * deviation);
      expect(Math.abs((ours?.high ?? 0) - high)).toBeLessThan(5 * 0.027 * deviation);
    }
  });

  test("pass@k curves, with the same draws, also where problems have too few samples", () => {
    for (const { problems, points } of fixtures.curve) {
      const ours = passAtKCurve(problems, points.map((p) => p.k), DRAWS);
      for (const [i, point] of points.entries()) {
        const own = ours[i];
        close(own?.value, point.value, `pass@${point.k}`);
        close(own?.low, point.low, `pass@${point.k}, low`);
        close(own?.high, point.high, `pass@${point.k}, high`);
        expect(own).toMatchObject({ problems: point.problems, leftOut: problems.length - point.problems });
      }
    }
  });
});

describe("where the data say little", () => {
  test("Holm's published example: α = 0.05 rejects the first and the fourth hypothesis only", () => {
    // p = 0.01, 0.04, 0.03, 0.005 (the example of Wikipedia's article on the method).
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
    expect(adjusted.map((p) => (p ?? 1) <= 0.05)).toEqual([true, false, false, true]);
    for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) close(adjusted[i], p, String(i));
    expect(holmAdjusted([0.01, null, 0.04])).toEqual([0.02, null, 0.04]);
    expect(() => holmAdjusted([1.2])).toThrow(RangeError);
  });

  test("Beta intervals keep to 0..1 and know their prior", () => {
    expect(betaInterval(0, 32)).toMatchObject({ value: 0, low: 0 });
    expect(betaInterval(32, 32)).toMatchObject({ value: 1, high: 1 });
    // SciPy: beta.ppf([0.025, 0.975], 1.5, 9.5) and beta.ppf(0.975, 2, 10).
    close(betaInterval(1, 10).low, 0.011011673763161133, "Jeffreys, low");
    close(betaInterval(1, 10).high, 0.3813147710666164, "Jeffreys, high");
    close(betaInterval(1, 10, "uniform").high, 0.4127799169883827, "uniform, high");
    expect(() => betaInterval(2, 1)).toThrow(RangeError);
  });

  test("no spread is not certainty", () => {
    expect(pairedDifference([], [])).toBeNull();
    expect(pairedDifference([1], [0.5])).toEqual({ value: 0.5, low: -1, high: 1, n: 1 });
    expect(pairedDifference([0, 0, 1, 0], [0, 0, 1, 0])).toEqual({ value: 0, low: -0.75, high: 0.75, n: 4 });
    expect(() => pairedDifference([1, 2], [1])).toThrow("2 values cannot be paired with 1");
    expect(signFlipTest([], [])).toBeNull();
    expect(signFlipTest([0.5, 0.5], [0.5, 0.5])).toMatchObject({ p: 1, n: 2, differing: 0 });
    expect(spearman([1, 2, 3], [4, 4, 4])).toBeNull();
    expect(weightedMean([{ sum: 0, tokens: 0 }], "token")).toBeNull();
    expect(weightedMean([{ sum: 6, tokens: 4 }], "token")).toEqual({ weights: "token", value: 1.5, low: null, high: null, texts: 1, tokens: 4 });
    expect(passAtKCurve([{ n: 4, c: 0 }, { n: 4, c: 0 }, { n: 4, c: 0 }, { n: 4, c: 0 }], [1, 8])).toEqual([
      { k: 1, value: 0, low: 0, high: 0.75, problems: 4, leftOut: 0 },
      { k: 8, value: null, low: null, high: null, problems: 0, leftOut: 4 },
    ]);
  });

  test("a real difference is seen, and none is not", () => {
    const b = Array.from({ length: 400 }, (_, i) => (i % 10) / 10);
    const better = b.map((v, i) => Math.min(1, v + (i % 4 === 0 ? 0.2 : 0)));
    expect(signFlipTest(better, b)?.p).toBe(1 / 10_001);
    expect(pairedDifference(better, b)?.low).toBeGreaterThan(0);
    const swapped = b.map((v, i) => v + (i % 2 === 0 ? 0.1 : -0.1));
    expect(signFlipTest(swapped, b)?.p).toBeGreaterThan(0.5);
  });
});
