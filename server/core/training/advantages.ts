/** Guards the division when a group's rewards hardly differ; TRL's value. */
const EPSILON = 1e-4;

/**
 * GRPO's advantages of one group of samples of the same prompt: reward − mean, divided by the group's standard deviation
 * where `scale` says so (Shao et al. 2024, eq. 4; sample standard deviation, as TRL). All 0 when the rewards are equal.
 */
export function groupAdvantages(rewards: readonly number[], scale: boolean): number[] {
  const mean = rewards.reduce((sum, r) => sum + r, 0) / rewards.length;
  const centred = rewards.map((r) => r - mean);
  if (!scale || rewards.length < 2) return centred;
  const deviation = Math.sqrt(centred.reduce((sum, d) => sum + d * d, 0) / (rewards.length - 1));
  return centred.map((d) => d / (deviation + EPSILON));
}
