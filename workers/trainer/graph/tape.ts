import { type Attribute, type Constant, encodeModel, type Node, type Port } from "./onnx";

/** A value of the graph, by its name. */
export type Value = string;

/** Builds a graph of ONNX operators, node by node. */
export class Graph {
  private readonly nodes: Node[] = [];
  private readonly constants = new Map<string, Constant>();
  private readonly inputs: Port[] = [];
  private readonly outputs: Port[] = [];
  private count = 0;

  op(type: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    const output = `${type}_${this.count++}`;
    this.nodes.push({ type, inputs, outputs: [output], attributes });
    return output;
  }

  /** A node with several outputs. */
  ops(type: string, inputs: readonly Value[], outputs: number, attributes: Record<string, Attribute> = {}): Value[] {
    const names = Array.from({ length: outputs }, () => `${type}_${this.count++}`);
    this.nodes.push({ type, inputs, outputs: names, attributes });
    return names;
  }

  scalar(value: number): Value {
    return this.constant(`scalar ${value}`, { element: "float", dims: [], data: Float32Array.of(value) });
  }

  integers(...values: number[]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant(`integers ${values.join(" ")}`, { element: "int64", dims: [values.length], data });
  }

  integer(value: number): Value {
    return this.constant(`integer ${value}`, { element: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) });
  }

  private constant(name: string, constant: Constant): Value {
    this.constants.set(name, constant);
    return name;
  }

  input(port: Port): Value {
    this.inputs.push(port);
    return port.name;
  }

  /** Name a value as an output of the graph. */
  output(port: Port, value: Value): void {
    this.nodes.push({ type: "Identity", inputs: [value], outputs: [port.name], attributes: {} });
    this.outputs.push(port);
  }

  encode(): Uint8Array {
    const { nodes, constants, inputs, outputs } = this;
    return encodeModel({ nodes, constants, inputs, outputs });
  }
}

/**
 * Reverse-mode differentiation over a {@link Graph}: every operation here writes its forward nodes at once and keeps how
 * gradients go back through it; {@link backward} writes those nodes, the last operation first. Rows: all tokens of a
 * batch stand below each other, [tokens, width], so that every product of a layer is one Gemm.
 */
export class Tape {
  private readonly back: (() => void)[] = [];
  private readonly gradients = new Map<Value, Value>();

  constructor(readonly graph: Graph) {}

  /** What the loss changes by when a value does; undefined for a value that the loss does not depend on. */
  gradient(of: Value): Value | undefined {
    return this.gradients.get(of);
  }

  /** Begin with the loss's derivative by some value (or add to it). */
  seed(value: Value, gradient: Value): void {
    const before = this.gradients.get(value);
    this.gradients.set(value, before === undefined ? gradient : this.graph.op("Add", [before, gradient]));
  }

  /** Write the backward pass. Everything that leads to the seeds must be on the tape by now. */
  backward(): void {
    for (const step of [...this.back].reverse()) step();
  }

  private record(output: Value, step: (gradient: Value) => void): Value {
    this.back.push(() => {
      const gradient = this.gradients.get(output);
      if (gradient !== undefined) step(gradient);
    });
    return output;
  }

  /** Rows of a table [rows, width] by ids [n]. */
  embed(table: Value, ids: Value): Value {
    const g = this.graph;
    return this.record(g.op("Gather", [table, ids], { axis: 0 }), (dy) => {
      const zeros = g.op("ConstantOfShape", [g.op("Shape", [table])]);
      const places = g.op("Unsqueeze", [ids, g.integers(-1)]);
      this.seed(table, g.op("ScatterND", [zeros, places, dy], { reduction: "add" }));
    });
  }

  /** x [n, in] times the transpose of w [out, in], as PyTorch keeps linear layers. */
  linear(x: Value, w: Value): Value {
    const g = this.graph;
    return this.record(g.op("Gemm", [x, w], { transB: 1 }), (dy) => {
      this.seed(x, g.op("Gemm", [dy, w]));
      this.seed(w, g.op("Gemm", [dy, x], { transA: 1 }));
    });
  }

  add(a: Value, b: Value): Value {
    return this.record(this.graph.op("Add", [a, b]), (dy) => {
      this.seed(a, dy);
      this.seed(b, dy);
    });
  }

  /** x / sqrt(mean(x²) + eps) over the last axis, times scale [width]. */
  rmsNorm(x: Value, scale: Value, eps: number): Value {
    const g = this.graph;
    const mean = (v: Value) => g.op("ReduceMean", [v, g.integers(-1)], { keepdims: 1 });
    const inverse = g.op("Reciprocal", [g.op("Sqrt", [g.op("Add", [mean(g.op("Mul", [x, x])), g.scalar(eps)])])]);
    const unit = g.op("Mul", [x, inverse]);
    return this.record(g.op("Mul", [unit, scale]), (dy) => {
      const flat = g.op("Reshape", [g.op("Mul", [dy, unit]), this.rowsOf(scale)]);
      this.seed(scale, g.op("ReduceSum", [flat, g.integers(0)], { keepdims: 0 }));
      const du = g.op("Mul", [dy, scale]);
      const along = mean(g.op("Mul", [du, unit]));
      this.seed(x, g.op("Mul", [g.op("Sub", [du, g.op("Mul", [unit, along])]), inverse]));
    });
  }

  /** The shape [-1, width] of a vector's width. */
  private rowsOf(vector: Value): Value {
    const g = this.graph;
    return g.op("Concat", [g.integers(-1), g.op("Shape", [vector])], { axis: 0 });
  }

  reshape(x: Value, shape: Value): Value {
    const g = this.graph;
    return this.record(g.op("Reshape", [x, shape]), (dy) => {
      this.seed(x, g.op("Reshape", [dy, g.op("Shape", [x])]));
    });
  }

  transpose(x: Value, perm: readonly number[]): Value {
    const inverse = perm.map((_, axis) => perm.indexOf(axis));
    return this.record(this.graph.op("Transpose", [x], { perm }), (dy) => {
      this.seed(x, this.graph.op("Transpose", [dy], { perm: inverse }));
    });
  }

  /**
   * Rotary positions over [batch, heads, time, dim] with tables [time, dim], halves as Hugging Face pairs them:
   * x·cos + rotate(x)·sin with rotate([a, b]) = [−b, a].
   */
  rotary(x: Value, cos: Value, sin: Value): Value {
    const g = this.graph;
    const halves = (v: Value) => g.ops("Split", [v], 2, { axis: -1, num_outputs: 2 });
    const turn = (v: Value, back: boolean) => {
      const [a = "", b = ""] = halves(v);
      return g.op("Concat", back ? [b, g.op("Neg", [a])] : [g.op("Neg", [b]), a], { axis: -1 });
    };
    const y = g.op("Add", [g.op("Mul", [x, cos]), g.op("Mul", [turn(x, false), sin])]);
    return this.record(y, (dy) => {
      this.seed(x, g.op("Add", [g.op("Mul", [dy, cos]), turn(g.op("Mul", [dy, sin]), true)]));
    });
  }

  /**
   * Each of the key heads [batch, kv, time, dim] for `groups` query heads: [batch, kv · groups, time, dim].
   * `shape` is the latter.
   */
  repeatHeads(x: Value, groups: number, shape: Value): Value {
    if (groups === 1) return x;
    const g = this.graph;
    const many = g.op("Concat", Array<Value>(groups).fill(g.op("Unsqueeze", [x, g.integers(2)])), { axis: 2 });
    const fiveAxes = g.op("Shape", [many]);
    return this.record(g.op("Reshape", [many, shape]), (dy) => {
      this.seed(x, g.op("ReduceSum", [g.op("Reshape", [dy, fiveAxes]), g.integers(2)], { keepdims: 0 }));
    });
  }

  /** Softmax attention over [batch, heads, time, dim] with an additive mask [time, time]. */
  attention(q: Value, k: Value, v: Value, mask: Value, scale: number): Value {
    const g = this.graph;
    const swap = (x: Value) => g.op("Transpose", [x], { perm: [0, 1, 3, 2] });
    const scaled = g.op("Mul", [q, g.scalar(scale)]);
    const p = g.op("Softmax", [g.op("Add", [g.op("MatMul", [scaled, swap(k)]), mask])], { axis: -1 });
    return this.record(g.op("MatMul", [p, v]), (dy) => {
      this.seed(v, g.op("MatMul", [swap(p), dy]));
      const dp = g.op("MatMul", [dy, swap(v)]);
      const along = g.op("ReduceSum", [g.op("Mul", [dp, p]), g.integers(-1)], { keepdims: 1 });
      const ds = g.op("Mul", [p, g.op("Sub", [dp, along])]);
      this.seed(q, g.op("Mul", [g.op("MatMul", [ds, k]), g.scalar(scale)]));
      this.seed(k, g.op("MatMul", [swap(ds), scaled]));
    });
  }

  /** silu(gate) · up. */
  swiglu(gate: Value, up: Value): Value {
    const g = this.graph;
    const sigmoid = g.op("Sigmoid", [gate]);
    const silu = g.op("Mul", [gate, sigmoid]);
    return this.record(g.op("Mul", [silu, up]), (dy) => {
      this.seed(up, g.op("Mul", [dy, silu]));
      // silu' = sigmoid · (1 + gate · (1 − sigmoid)) = sigmoid + silu · (1 − sigmoid)
      const slope = g.op("Add", [sigmoid, g.op("Mul", [silu, g.op("Sub", [g.scalar(1), sigmoid])])]);
      this.seed(gate, g.op("Mul", [g.op("Mul", [dy, up]), slope]));
    });
  }

  /** Log-probabilities [n] of targets [n] under logits [n, vocabulary], and the whole distribution's logarithms. */
  tokenLogprobs(logits: Value, targets: Value): { chosen: Value; all: Value } {
    const g = this.graph;
    const all = g.op("LogSoftmax", [logits], { axis: -1 });
    const column = g.op("Unsqueeze", [targets, g.integers(-1)]);
    const chosen = g.op("Squeeze", [g.op("GatherElements", [all, column], { axis: -1 }), g.integers(-1)]);
    this.record(chosen, (dy) => {
      const d = g.op("Unsqueeze", [dy, g.integers(-1)]);
      const spread = g.op("Neg", [g.op("Mul", [g.op("Exp", [all]), d])]);
      this.seed(logits, g.op("ScatterElements", [spread, column, d], { axis: -1, reduction: "add" }));
    });
    return { chosen, all };
  }
}
