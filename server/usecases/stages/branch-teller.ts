import type pg from "pg";
import type { StreamPiece } from "../../core/branching/stream";
import type { SampleDelta } from "../../inference/types";
import type { BranchSampleRow } from "../../store/write/branch-rows";
import { appendPieces, keepBranchSample, nextSeq } from "../../store/write/branch-stream";
import type { BranchWatcher } from "./sample-branch";

/** Pieces are told at most so often (ms): ten times a second reads as flowing text. The first one goes at once. */
const TELL_EVERY = 100;

/**
 * Tells the pages that look at a branch what is being sampled. While the database is away pieces are held back; the
 * rows are the truth in the end, so nothing here ever fails an item.
 */
export class BranchTeller implements BranchWatcher {
  private waiting: StreamPiece[] = [];
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> | undefined;
  private last = 0;

  private constructor(
    private readonly pool: pg.Pool,
    private readonly branchId: string,
    private seq: number,
  ) {}

  static async open(pool: pg.Pool, branchId: string): Promise<BranchTeller> {
    return new BranchTeller(pool, branchId, await nextSeq(pool, branchId));
  }

  delta = ({ index, at, text, tokens }: SampleDelta): void => {
    const before = this.waiting.findLast((p) => p.i === index);
    if (before && before.outcome === undefined && before.at + before.text.length === at) {
      before.text += text;
      before.tokens = tokens;
    } else this.waiting.push({ i: index, at, text, tokens });
    this.soon();
  };

  graded = async (row: BranchSampleRow): Promise<void> => {
    await keepBranchSample(this.pool, row);
    const { sampleIndex: i, tokens, outcome, extracted } = row;
    this.waiting.push({ i, at: row.text.length, text: "", tokens, outcome, extracted });
    this.soon();
  };

  /** Tell what is left. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.telling;
    await this.tell();
    clearTimeout(this.timer);
  }

  private soon(): void {
    if (this.timer !== undefined || this.telling !== undefined) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.telling = this.tell().finally(() => {
          this.telling = undefined;
          if (this.waiting.length > 0) this.soon();
        });
      },
      Math.max(0, this.last + TELL_EVERY - Date.now()),
    );
  }

  private async tell(): Promise<void> {
    const pieces = this.waiting;
    if (pieces.length === 0) return;
    this.waiting = [];
    this.last = Date.now();
    try {
      await appendPieces(this.pool, this.branchId, this.seq, pieces);
      this.seq++;
    } catch {
      // The database is away, or another worker has the branch: then nobody misses these.
      this.waiting = [...pieces, ...this.waiting];
      this.last = Date.now() + 10 * TELL_EVERY;
    }
  }
}
