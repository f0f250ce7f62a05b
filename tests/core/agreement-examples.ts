/** Published worked examples that the statistics of agreement and localisation are checked against, each with its source. */

/** A table of two raters: table[i][j] items that the first put in category i and the second in category j. */
interface KappaExample {
  source: string;
  table: number[][];
  kappa?: number;
  /** Linearly weighted, where published. */
  linear?: number;
  /** Quadratically weighted, where published. */
  quadratic?: number;
}

export const KAPPA_EXAMPLES: KappaExample[] = [
  {
    source: "Artstein and Poesio 2008, “Inter-coder agreement for computational linguistics”, table 1",
    table: [
      [20, 20],
      [10, 50],
    ],
    kappa: 0.348,
  },
  { source: "Smeeton 1985, as worked out in Wikipedia’s “Cohen’s kappa” (same percentage, different numbers), first table", table: [[45, 15], [25, 15]], kappa: 0.1304 },
  { source: "the same, second table", table: [[25, 35], [5, 35]], kappa: 0.2593 },
  {
    source: "Agresti, “Categorical Data Analysis” (Hout, Duncan and Sobel 1987, sexual fun of 91 couples), as printed by R’s vcd::Kappa(SexualFun)",
    table: [
      [7, 7, 2, 3],
      [2, 8, 3, 7],
      [1, 5, 4, 9],
      [2, 8, 9, 14],
    ],
    kappa: 0.1293,
    linear: 0.2374,
  },
  {
    source: "Gwet, R package irrCAC, cont3x3abstractors (three categories of pregnancy, two abstractors), quadratic weights",
    table: [
      [13, 0, 0],
      [0, 20, 7],
      [0, 4, 56],
    ],
    kappa: 0.7964,
    quadratic: 0.8922,
  },
  {
    source: "Warrens 2012: tables whose quadratically weighted kappa is zero however much is agreed upon",
    table: [
      [1, 15, 1],
      [3, 0, 3],
      [2, 3, 2],
    ],
    quadratic: 0,
  },
];

/** Krippendorff 2011, “Computing Krippendorff’s Alpha-Reliability”, parts C and D: 4 observers, 12 units, "." not judged. */
export const KRIPPENDORFF_2011 = {
  observers: {
    A: "1 2 3 3 2 1 4 1 2 . . .",
    B: "1 2 3 3 2 2 4 1 2 5 . 3",
    C: ". 3 3 3 2 3 4 2 2 5 1 .",
    D: "1 2 3 3 2 4 4 1 2 5 1 .",
  },
  nominal: 0.743,
  ordinal: 0.815,
  interval: 0.849,
};

/** The same paper, part A: 2 observers, 10 units, two values; alpha = 0.095. */
export const KRIPPENDORFF_2011_BINARY = {
  observers: { A: "0 1 0 0 0 0 0 0 1 0", B: "1 1 1 0 0 1 0 0 0 0" },
  nominal: 0.095,
};

/**
 * ProcessBench's rows as published: accuracy on traces with an error, on those without, and F1, in per cent. Zhang et al.
 * 2025, “The Lessons of Developing Process Reward Models”, arXiv 2501.07301, the table of ProcessBench results. How many
 * traces each subset has of either kind: the evaluation script of the benchmark (github QwenLM/ProcessBench).
 */
export const PROCESS_BENCH_TRACES = { GSM8K: [207, 193], MATH: [594, 406], OlympiadBench: [661, 339], "Omni-MATH": [759, 241] } as const;
export const PROCESS_BENCH_ROWS: { model: string; subset: keyof typeof PROCESS_BENCH_TRACES; error: number; correct: number; f1: number }[] = [
  { model: "Math-Shepherd-PRM-7B", subset: "GSM8K", error: 32.4, correct: 91.7, f1: 47.9 },
  { model: "Math-Shepherd-PRM-7B", subset: "MATH", error: 18.0, correct: 82.0, f1: 29.5 },
  { model: "Qwen2.5-Math-PRM-7B", subset: "GSM8K", error: 72.0, correct: 96.4, f1: 82.4 },
  { model: "Qwen2.5-Math-PRM-7B", subset: "MATH", error: 68.0, correct: 90.4, f1: 77.6 },
  { model: "Qwen2.5-Math-PRM-7B", subset: "OlympiadBench", error: 55.7, correct: 85.5, f1: 67.5 },
  { model: "Qwen2.5-Math-PRM-7B", subset: "Omni-MATH", error: 55.2, correct: 83.0, f1: 66.3 },
];
