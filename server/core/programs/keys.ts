/** Keys of programs: what they may do and how they look. */
import { z } from "zod";

export const SCOPES = ["read", "write"] as const;
/** read: every GET · write: everything that changes something. */
export type Scope = (typeof SCOPES)[number];

/** How every key begins, so that people and secret scanners know one when they see it. */
export const KEY_START = "int_";

export const newKeySchema = z.object({
  name: z.string().trim().min(1, "give the key a name").max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).default([...SCOPES]),
});

/** A key in the list: never the key itself. */
export interface KeyView {
  id: string;
  name: string;
  /** Its first characters. */
  prefix: string;
  scopes: Scope[];
  /** Who made it; null where nobody had a name. */
  person: string | null;
  createdAt: Date;
  /** To the minute; null: never used. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}
