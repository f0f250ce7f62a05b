import type { Pool } from "pg";

/** What a view needs of the database; `pg.Pool` has it. */
export type Sql = Pick<Pool, "query">;
