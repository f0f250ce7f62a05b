/** Counters and gauges of one model under vLLM's names (docs.vllm.ai, "Production metrics"). */
export class EngineMetrics {
  promptTokens = 0;
  generationTokens = 0;
  prefixQueries = 0;
  prefixHits = 0;
  rejected = 0;
  readonly finished: Record<"stop" | "length" | "abort" | "error", number> = { stop: 0, length: 0, abort: 0, error: 0 };
  readonly timeToFirstToken = new Histogram([
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
  ]);
  readonly latency = new Histogram([0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480]);
}

/** Cumulative histogram of seconds. */
export class Histogram {
  private readonly counts: number[];
  private sum = 0;
  private count = 0;
  constructor(private readonly bounds: readonly number[]) {
    this.counts = bounds.map(() => 0);
  }
  observe(seconds: number) {
    this.sum += seconds;
    this.count++;
    this.bounds.forEach((bound, i) => {
      if (seconds <= bound) this.counts[i] = (this.counts[i] ?? 0) + 1;
    });
  }
  lines(name: string, labels: string): string[] {
    return [
      ...this.bounds.map((bound, i) => `${name}_bucket{le="${bound}",${labels}} ${this.counts[i]}`),
      `${name}_bucket{le="+Inf",${labels}} ${this.count}`,
      `${name}_sum{${labels}} ${this.sum}`,
      `${name}_count{${labels}} ${this.count}`,
    ];
  }
}

/** What only the scheduler knows at the moment of the question. */
export interface EngineGauges {
  running: number;
  waiting: number;
  /** Cells in use by running sequences / all cells, 0 to 1. */
  cacheUsage: number;
  contextSize: number;
  sequences: number;
}

/** Prometheus text of all served models. */
export function renderMetrics(
  models: readonly { name: string; metrics: EngineMetrics; gauges: EngineGauges }[],
): string {
  const lines: string[] = [];
  const family = (
    name: string,
    type: string,
    help: string,
    rows: (model: (typeof models)[number], labels: string) => string[],
  ) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const model of models) lines.push(...rows(model, `engine="0",model_name=${JSON.stringify(model.name)}`));
  };
  const single = (name: string, type: string, help: string, value: (model: (typeof models)[number]) => number) =>
    family(name, type, help, (model, labels) => [`${name}{${labels}} ${value(model)}`]);

  single("vllm:num_requests_running", "gauge", "Sequences being generated.", (m) => m.gauges.running);
  single("vllm:num_requests_waiting", "gauge", "Sequences waiting for a place.", (m) => m.gauges.waiting);
  single(
    "vllm:kv_cache_usage_perc",
    "gauge",
    "Share of the key-value cells in use, 0 to 1.",
    (m) => m.gauges.cacheUsage,
  );
  single("vllm:prompt_tokens_total", "counter", "Prompt tokens asked for.", (m) => m.metrics.promptTokens);
  single("vllm:generation_tokens_total", "counter", "Tokens sampled.", (m) => m.metrics.generationTokens);
  single(
    "vllm:prefix_cache_queries_total",
    "counter",
    "Prompt tokens looked up in the prefix cache.",
    (m) => m.metrics.prefixQueries,
  );
  single("vllm:prefix_cache_hits_total", "counter", "Prompt tokens found there.", (m) => m.metrics.prefixHits);
  family("vllm:request_success_total", "counter", "Finished sequences by reason.", (m, labels) =>
    Object.entries(m.metrics.finished).map(
      ([reason, count]) => `vllm:request_success_total{${labels},finished_reason="${reason}"} ${count}`,
    ),
  );
  family("vllm:admission_rejections_total", "counter", "Requests answered 503.", (m, labels) => [
    `vllm:admission_rejections_total{${labels},reason="queue_full"} ${m.metrics.rejected}`,
  ]);
  family("vllm:time_to_first_token_seconds", "histogram", "From request to first token.", (m, labels) =>
    m.metrics.timeToFirstToken.lines("vllm:time_to_first_token_seconds", labels),
  );
  family("vllm:e2e_request_latency_seconds", "histogram", "From request to last token.", (m, labels) =>
    m.metrics.latency.lines("vllm:e2e_request_latency_seconds", labels),
  );
  family("vllm:cache_config_info", "gauge", "Size of the key-value cache.", (m, labels) => [
    `vllm:cache_config_info{${labels},block_size="${m.gauges.contextSize}",num_gpu_blocks="${m.gauges.sequences}"} 1`,
  ]);
  const cpu = process.cpuUsage();
  lines.push(
    "# HELP process_cpu_seconds_total User and system time of the server.",
    "# TYPE process_cpu_seconds_total counter",
    `process_cpu_seconds_total ${(cpu.user + cpu.system) / 1e6}`,
    "# HELP process_resident_memory_bytes Resident memory of the server.",
    "# TYPE process_resident_memory_bytes gauge",
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
  );
  return `${lines.join("\n")}\n`;
}
