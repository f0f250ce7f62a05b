/**
 * Bins of negative log-likelihoods in nats, half an octave wide: a source's tokens span four orders of magnitude, and on
 * equal steps all but a few would stand in the first bin. Stored counts (score_part.bins) follow these edges: changing
 * them asks for a migration.
 */

/** Inner edges, ascending: 2^-10, 2^-9.5, … 2^4. The first bin begins at 0, the last has no end. */
export const NLL_EDGES: readonly number[] = Array.from({ length: 29 }, (_, i) => 2 ** (i / 2 - 10));

export const NLL_BINS = NLL_EDGES.length + 1;

/** 0-based bin of a value: edges belong to the bin above them, as in PostgreSQL's width_bucket over an array. */
export function nllBin(nll: number): number {
  let bin = 0;
  while (bin < NLL_EDGES.length && nll >= (NLL_EDGES[bin] ?? Number.POSITIVE_INFINITY)) bin++;
  return bin;
}

/** Bounds of a bin: [from, to); the last one's `to` is null. @throws RangeError for a bin that is not there. */
export function binBounds(bin: number): { from: number; to: number | null } {
  if (!Number.isInteger(bin) || bin < 0 || bin >= NLL_BINS) throw new RangeError(`no bin ${bin} of ${NLL_BINS}`);
  return { from: bin === 0 ? 0 : (NLL_EDGES[bin - 1] ?? 0), to: NLL_EDGES[bin] ?? null };
}
