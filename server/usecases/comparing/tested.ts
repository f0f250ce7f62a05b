import type { Columns, PairedValues, Tested } from "../../core/comparing/conditioning";
import { pageResamples } from "../../core/statistics/intervals";
import { compute } from "../statistics/compute";

/** a − b on the same problems with interval and sign-flip test, in the statistics thread; Holm's p is still to be filled in (`adjust`). */
export async function tested({ a, b }: Columns): Promise<Tested> {
  const [difference, test] = await Promise.all([
    compute("pairedDifference", a, b, { resamples: pageResamples(a.length) }),
    compute("signFlipTest", a, b),
  ]);
  return { difference, p: test?.p ?? null, holm: null, differing: test?.differing ?? 0 };
}

/** Both measures of a pair. */
export async function testedPair(values: PairedValues): Promise<{ coverage: Tested; accuracy: Tested }> {
  const [coverage, accuracy] = await Promise.all([tested(values.coverage), tested(values.accuracy)]);
  return { coverage, accuracy };
}
