/** How often a key may ask: a token bucket for each, in this process. */
export interface RateLimit {
  /** Requests per second that come back. */
  rate: number;
  /** Requests at once. */
  burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

export interface Taken {
  ok: boolean;
  /** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After where it is refused. */
  headers: Record<string, string>;
  /** Seconds until one more is allowed. */
  wait: number;
}

/** Buckets by key. `now` in milliseconds is a parameter so that tests need no clock. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly limit: RateLimit) {}

  take(who: string, now = performance.now()): Taken {
    const { rate, burst } = this.limit;
    if (rate <= 0) return { ok: true, headers: {}, wait: 0 };
    const bucket = this.buckets.get(who) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    const ok = bucket.tokens >= 1;
    if (ok) bucket.tokens -= 1;
    this.buckets.set(who, bucket);
    if (this.buckets.size > 10_000) this.forgetFull(now);
    const wait = ok ? 0 : Math.ceil((1 - bucket.tokens) / rate);
    const headers: Record<string, string> = {
      "ratelimit-policy": `"key";q=${burst};w=${Math.max(1, Math.ceil(burst / rate))}`,
      ratelimit: `"key";r=${Math.floor(bucket.tokens)};t=${Math.ceil((burst - bucket.tokens) / rate)}`,
    };
    if (!ok) headers["retry-after"] = String(wait);
    return { ok, headers, wait };
  }

  /** A bucket that has filled up again says nothing. */
  private forgetFull(now: number): void {
    const { rate, burst } = this.limit;
    for (const [who, b] of this.buckets) if (b.tokens + ((now - b.at) / 1000) * rate >= burst) this.buckets.delete(who);
  }
}
