import type { ServerMetrics } from "./types";

/** Names differ between servers and between versions of vLLM; the first that is there counts. */
const NAMES: Record<keyof ServerMetrics, readonly string[]> = {
  running: ["vllm:num_requests_running", "sglang:num_running_reqs"],
  waiting: ["vllm:num_requests_waiting", "sglang:num_queue_reqs"],
  kvUsage: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc", "sglang:token_usage"],
  preemptions: ["vllm:num_preemptions_total", "vllm:num_preemptions"],
  generationTokens: ["vllm:generation_tokens_total", "vllm:generation_tokens", "sglang:generation_tokens_total"],
  promptTokens: ["vllm:prompt_tokens_total", "vllm:prompt_tokens", "sglang:prompt_tokens_total"],
};

/**
 * Read a Prometheus text page. Several samples of one name (one per engine of a data-parallel server) are added up,
 * cache use is their maximum: one full engine is what hurts.
 */
export function parseMetrics(page: string): ServerMetrics {
  const seen = new Map<string, number[]>();
  for (const line of page.split("\n")) {
    const match = /^([A-Za-z_:][\w:]*)(?:\{[^\n]*\})?\s+(\S+)/.exec(line);
    const value = Number(match?.[2]);
    if (!match?.[1] || !Number.isFinite(value)) continue;
    const values = seen.get(match[1]) ?? [];
    values.push(value);
    seen.set(match[1], values);
  }
  const read = (field: keyof ServerMetrics): number | null => {
    const values = NAMES[field].map((name) => seen.get(name)).find((found) => found !== undefined);
    if (!values) return null;
    return field === "kvUsage" ? Math.max(...values) : values.reduce((a, b) => a + b, 0);
  };
  return {
    running: read("running"),
    waiting: read("waiting"),
    kvUsage: read("kvUsage"),
    preemptions: read("preemptions"),
    generationTokens: read("generationTokens"),
    promptTokens: read("promptTokens"),
  };
}
