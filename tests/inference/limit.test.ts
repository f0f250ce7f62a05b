import { describe, expect, test } from "vitest";
import { AdaptiveLimit } from "@/server/inference/limit";
import { Limiter } from "@/server/inference/limiter";
import { parseMetrics } from "@/server/inference/metrics";
import type { ServerMetrics } from "@/server/inference/types";

const metrics = (over: Partial<ServerMetrics> = {}): ServerMetrics => ({ running: 32, waiting: 0, kvUsage: 0.3, preemptions: 0, generationTokens: 0, promptTokens: 0, ...over });
const finished = (now: number, samples: number, binds = true) => ({ samples, tokens: 100, ms: 1000, binds, now });
const wire = (inFlight: number, largest = 4) => ({ inFlight, largest });

describe("the adaptive limit", () => {
  test("grows by a quarter per turnover while the cache is calm and the limit binds", () => {
    const limit = new AdaptiveLimit({ initial: 32 });
    limit.polled(metrics(), wire(32), 0);
    limit.finished(finished(100, 16));
    expect(limit.value).toBe(32);
    limit.finished(finished(200, 16));
    expect(limit.value).toBe(40);
  });
  test("does not grow while requests wait at the server, the cache is half full, or the limit does not bind", () => {
    for (const [m, binds] of [[metrics({ waiting: 20 }), true], [metrics({ kvUsage: 0.65 }), true], [metrics(), false]] as const) {
      const limit = new AdaptiveLimit({ initial: 32 });
      limit.polled(m, wire(32), 0);
      for (let i = 0; i < 10; i++) limit.finished(finished(i, 32, binds));
      expect(limit.value).toBe(32);
    }
  });
  test("is not held by requests that do not divide it, and one that waits at the server is not too much", () => {
    // 16 samples a request, 32 places: two are in flight under 40, three under 50, and the third waits.
    const limit = new AdaptiveLimit({ initial: 32 });
    for (let i = 0; i < 20; i++) {
      const inFlight = Math.floor(limit.value / 16) * 16;
      limit.polled(metrics({ waiting: inFlight - 32 }), wire(inFlight, 16), i * 2000);
      for (let k = 0; k < 5; k++) limit.finished(finished(i * 2000 + k, 16));
    }
    expect(limit.value).toBe(50);
    // 128 samples a request and a server with room: one at a time would leave it idle at the end of each.
    const large = new AdaptiveLimit({ initial: 32 });
    for (let i = 0; i < 40; i++) {
      const inFlight = Math.max(128, Math.floor(large.value / 128) * 128);
      large.polled(metrics({ running: inFlight, waiting: 0 }), wire(inFlight, 128), i * 2000);
      for (let k = 0; k < 5; k++) large.finished(finished(i * 2000 + k, 128));
    }
    expect(large.value).toBeGreaterThan(1000);
  });
  test("trims to 70 % of the cache above 80 %, once per cooldown", () => {
    const limit = new AdaptiveLimit({ initial: 100 });
    limit.polled(metrics({ kvUsage: 0.9 }), wire(90), 0);
    expect(limit.value).toBe(70);
    limit.polled(metrics({ kvUsage: 0.9 }), wire(90), 2000);
    expect(limit.value).toBe(70);
  });
  test("cuts on preemptions, harder the second time", () => {
    const limit = new AdaptiveLimit({ initial: 100 });
    limit.polled(metrics({ preemptions: 3 }), wire(100), 0);
    limit.polled(metrics({ preemptions: 4 }), wire(100), 2000);
    expect(limit.value).toBe(80);
    limit.polled(metrics({ preemptions: 9 }), wire(80), 4000);
    expect(limit.value).toBe(40);
  });
  test("cuts when the server's queue does not drain", () => {
    const limit = new AdaptiveLimit({ initial: 100 });
    for (let i = 0; i < 6; i++) limit.polled(metrics({ running: 10, waiting: 60 }), wire(70), i * 2000);
    expect(limit.value).toBe(90);
  });
  test("without metrics: additive growth, one cut per burst of refusals, no growth while answers take ever longer", () => {
    const limit = new AdaptiveLimit({ initial: 32 });
    limit.finished(finished(10_000, 32));
    expect(limit.value).toBe(36);
    limit.overloaded(20_000);
    limit.overloaded(20_010);
    expect(limit.value).toBe(25);
    for (let i = 0; i < 40; i++) limit.finished({ ...finished(30_000 + i, 1, false), ms: 20_000 });
    const slow = limit.value;
    for (let i = 0; i < 100; i++) limit.finished({ ...finished(40_000 + i, 25), ms: 20_000 });
    expect(limit.value).toBe(slow);
  });
  test("stays within its bounds", () => {
    const limit = new AdaptiveLimit({ initial: 2, min: 1, max: 3 });
    for (let i = 0; i < 50; i++) limit.overloaded(i * 5000);
    expect(limit.value).toBe(1);
    for (let i = 0; i < 50; i++) limit.finished(finished(1e6 + i * 2000, 5));
    expect(limit.value).toBe(3);
  });
});

describe("the queue before the server", () => {
  test("admits in order of arrival, and a large request is not overtaken for ever", async () => {
    const limiter = new Limiter({ initial: 4, max: 4 });
    const order: string[] = [];
    const noted = (name: string) => <T>(release: T) => {
      order.push(name);
      return release;
    };
    const first = await limiter.acquire(3);
    const large = limiter.acquire(8).then(noted("large"));
    const small = limiter.acquire(1).then(noted("small"));
    await Promise.resolve();
    expect(order).toEqual([]);
    expect(limiter.waiting).toBe(9);
    first();
    (await large)();
    (await small)();
    expect(order).toEqual(["large", "small"]);
    expect([limiter.inFlight, limiter.waiting]).toEqual([0, 0]);
  });
  test("releasing twice gives nothing back twice; an aborted wait leaves no trace", async () => {
    const limiter = new Limiter({ initial: 1, max: 1 });
    const release = await limiter.acquire(1);
    const stop = new AbortController();
    const waiting = limiter.acquire(1, stop.signal);
    const behind = limiter.acquire(1);
    stop.abort(new Error("no"));
    await expect(waiting).rejects.toThrow("no");
    release();
    release();
    expect(limiter.inFlight).toBe(1);
    (await behind)();
    expect([limiter.inFlight, limiter.waiting]).toEqual([0, 0]);
    await expect(limiter.acquire(1, AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
  });
});

test("metrics pages of several engines, with labels, comments and old names", () => {
  const page = [
    "# HELP vllm:num_requests_running Number of requests",
    "# TYPE vllm:num_requests_running gauge",
    'vllm:num_requests_running{engine="0",model_name="a b}"} 7.0',
    'vllm:num_requests_running{engine="1",model_name="a"} 5.0',
    'vllm:gpu_cache_usage_perc{engine="0"} 0.25',
    'vllm:gpu_cache_usage_perc{engine="1"} 0.75',
    "vllm:num_preemptions_total 3",
    "vllm:generation_tokens_total 1.5e+06",
    "nonsense",
    "vllm:num_requests_waiting NaN",
  ].join("\n");
  expect(parseMetrics(page)).toEqual({ running: 12, waiting: null, kvUsage: 0.75, preemptions: 3, generationTokens: 1_500_000, promptTokens: null });
});
