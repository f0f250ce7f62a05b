/** What a list's cells hold, by how they are drawn; null everywhere: there is none, or it is not known. */
import type { Show } from "./column";

export interface CellOf {
  text: string;
  /** The beginning of what a model or a person wrote. */
  excerpt: string;
  mono: string;
  count: number;
  figure: number;
  /** 0..1 */
  share: number;
  moment: Date;
  /** An enum's value. */
  word: string;
  yes: boolean;
  /** A problem; `ordinal` from 0, `start`: the beginning of its statement. */
  statement: { id: string; ordinal: number; start: string };
  rate: { right: number; of: number };
  /** 1-based */
  step: number;
  reward: { reward: number | null; cut: boolean };
  /** step null: nothing names one; 0: there is no error. `agreeing` of `of` verification samples name it. */
  first_error: { step: number | null; agreeing: number; of: number };
  tags: string[];
  link: { id: string | null; label: string };
  state: { word: string; done: number | null; total: number | null };
}

export type Cell = CellOf[Show] | null;

/** What links of a row are made of; each list fills what it has. */
export interface RowRef {
  attempt?: string;
  problem?: string;
  run?: string;
  pipeline?: string | null;
  recipe?: string | null;
  stage?: string;
  waits?: boolean;
  /** The step that the row is about. */
  step?: number | null;
  name?: string;
}

export interface ListRow {
  id: string;
  ref: RowRef;
  cells: Record<string, Cell>;
}

export interface ListPage {
  rows: ListRow[];
  /** Cursor of the page after this one, and of that before; null where there is none. */
  next: string | null;
  previous: string | null;
}

/** How many rows a question finds. Not exact: the planner's estimate, as counting all would take too long. */
export interface ListCount {
  count: number;
  exact: boolean;
}

/** A cell as of its kind. The server fills each cell by its column's `show`, so the kind says what it is. */
export function cellAs<S extends Show>(_show: S, cell: Cell): CellOf[S] | null {
  return cell as CellOf[S] | null;
}

/** A cell as a plain value, for files: numbers stay numbers, moments are ISO texts. */
export function plainCell(show: Show, cell: Cell): string | number | boolean | null {
  if (cell === null || cell === undefined) return null;
  switch (show) {
    case "moment":
      return cellAs(show, cell)?.toISOString() ?? null;
    case "statement":
      return cellAs(show, cell)?.start ?? null;
    case "rate": {
      const rate = cellAs(show, cell);
      return rate === null ? null : `${rate.right}/${rate.of}`;
    }
    case "reward":
      return cellAs(show, cell)?.reward ?? null;
    case "first_error":
      return cellAs(show, cell)?.step ?? null;
    case "tags":
      return cellAs(show, cell)?.join("; ") ?? null;
    case "link":
      return cellAs(show, cell)?.label ?? null;
    case "state":
      return cellAs(show, cell)?.word ?? null;
    default:
      return typeof cell === "object" ? null : cell;
  }
}
