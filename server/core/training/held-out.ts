import { isDrawn } from "../seeds";

/**
 * Whether the rows of a problem are kept out of fine-tuning, to measure the loss on what is not trained. The same problems in every
 * data set and with every seed, so that the losses of two sources are those of the same problems.
 *
 * @param share of all problems, 0..1.
 */
export function isHeldOut(problemKey: string, share: number): boolean {
  return isDrawn(share, 0, "held out", problemKey);
}
