/**
 * ONNX files, as far as a training graph needs them: nodes, constants, inputs and outputs, in protobuf's wire format
 * (github.com/onnx/onnx, onnx/onnx.proto; the field numbers are its own). ONNX Runtime reads them from memory.
 */

/** Bytes of one protobuf message, field after field. */
class Message {
  private readonly parts: Uint8Array[] = [];

  private varint(value: number | bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest > 0n ? low | 0x80 : low);
    } while (rest > 0n);
    this.parts.push(Uint8Array.from(bytes));
  }

  int(field: number, value: number | bigint): this {
    this.varint(field << 3);
    this.varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.varint((field << 3) | 5);
    this.parts.push(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint((field << 3) | 2);
    this.varint(value.length);
    this.parts.push(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode());
  }

  encode(): Uint8Array {
    return Buffer.concat(this.parts);
  }
}

/** TensorProto.DataType. */
export const ELEMENT = { float: 1, int64: 7, bool: 9 } as const;
export type Element = keyof typeof ELEMENT;

/** A constant of a graph. */
export interface Constant {
  element: Element;
  dims: readonly number[];
  data: Float32Array | BigInt64Array;
}

/** An attribute: a float is `{ float }`, whole numbers are integers. */
export type Attribute = number | readonly number[] | { float: number } | string;

export interface Node {
  type: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output; a dimension is its size, or a name where it varies. */
export interface Port {
  name: string;
  element: Element;
  dims: readonly (number | string)[];
}

export interface GraphParts {
  nodes: readonly Node[];
  constants: ReadonlyMap<string, Constant>;
  inputs: readonly Port[];
  outputs: readonly Port[];
}

const IR_VERSION = 10;
const OPSET = 20;

/** The bytes of a model file. */
export function encodeModel(graph: GraphParts): Uint8Array {
  const body = new Message();
  for (const node of graph.nodes) body.message(1, nodeMessage(node));
  body.text(2, "training");
  for (const [name, constant] of graph.constants) body.message(5, constantMessage(name, constant));
  for (const port of graph.inputs) body.message(11, portMessage(port));
  for (const port of graph.outputs) body.message(12, portMessage(port));
  return new Message()
    .int(1, IR_VERSION)
    .text(2, "intervene")
    .message(7, body)
    .message(8, new Message().text(1, "").int(2, OPSET))
    .encode();
}

function nodeMessage(node: Node): Message {
  const message = new Message();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) message.message(5, attributeMessage(name, value));
  return message;
}

function attributeMessage(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === "number") return message.int(3, value).int(20, 2);
  if (typeof value === "string") return message.text(4, value).int(20, 3);
  if ("float" in value) return message.float(2, value.float).int(20, 1);
  for (const item of value) message.int(8, item);
  return message.int(20, 7);
}

function constantMessage(name: string, { element, dims, data }: Constant): Message {
  const message = new Message();
  for (const dim of dims) message.int(1, dim);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message.int(2, ELEMENT[element]).text(8, name).bytes(9, raw);
}

function portMessage({ name, element, dims }: Port): Message {
  const shape = new Message();
  for (const dim of dims) {
    shape.message(1, typeof dim === "number" ? new Message().int(1, dim) : new Message().text(2, dim));
  }
  const tensor = new Message().int(1, ELEMENT[element]).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
