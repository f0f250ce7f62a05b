/** The lab's world: generator, ground truth and training conversations. Pure: no I/O, no model. */
export * from "./conversations";
export * from "./corrupt";
export * from "./generate";
export * from "./parse";
export * from "./random";
export * from "./text";
export * from "./truth";
export * from "./world";
