/**
 * How a model is asked to verify an attempt: "critique" locates the first error without a reference
 * (prompts/critique.ts); "propose" is the InT recipe's own verification, which compares with the reference and writes
 * an intervention. The lab's model knows the latter alone.
 */
export const VERIFY_WITH = ["critique", "propose"] as const;
export type VerifyWith = (typeof VERIFY_WITH)[number];
