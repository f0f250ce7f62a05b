import path from "node:path";

/** A path as the user meant it: npm runs scripts in the project's folder, and keeps the user's own in INIT_CWD. */
export function userPath(file: string): string {
  const base = process.env.npm_lifecycle_event === "intervene" ? process.env.INIT_CWD : undefined;
  return path.resolve(base ?? process.cwd(), file);
}
