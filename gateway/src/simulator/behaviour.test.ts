import { describe, expect, it } from "vitest";
import { exampleModels } from "./behaviour-words.ts";
import { behaviourOf, defaultBehaviour } from "./behaviour.ts";

describe("behaviourOf", () => {
  it("gives a real model's name the default behaviour", () => {
    for (const model of ["gpt-5.1", "claude-opus-4-1", "sim", "simulator", "", "sim-"]) {
      expect(behaviourOf(model)).toEqual(defaultBehaviour);
    }
  });

  it("reads a number that follows a word", () => {
    expect(behaviourOf("sim-slow-250").delayMs).toBe(250);
    expect(behaviourOf("sim-error-429").errorStatus).toBe(429);
    expect(behaviourOf("sim-long-7").longChunks).toBe(7);
    expect(behaviourOf("sim-bytes-4096").contentBytes).toBe(4096);
  });

  it("combines words in any order", () => {
    expect(behaviourOf("sim-long-50-slow-5-die-20")).toEqual({
      ...defaultBehaviour,
      longChunks: 50,
      delayMs: 5,
      fault: "die",
      faultAfter: 20,
    });
    expect(behaviourOf("sim-cached-usage-none-tools-2")).toEqual({
      ...defaultBehaviour,
      cached: true,
      reportsUsage: false,
      toolCalls: 2,
    });
  });

  it("ignores what a router put before the name", () => {
    expect(behaviourOf("simulator/sim-die").fault).toBe("die");
  });

  it("takes a name with one unknown word or number for a real model's name", () => {
    for (const model of [
      "sim-tools-pro",
      "sim-error-200",
      "sim-error-700",
      "sim-echo-2",
      "sim-long-0",
      "sim-bytes-99999999999",
      "sim-constructor",
      "sim-__proto__",
    ]) {
      expect(behaviourOf(model)).toEqual(defaultBehaviour);
    }
  });

  it("knows every model it lists", () => {
    const named = exampleModels.filter((name) => name !== "sim-echo");
    for (const model of named) {
      expect(behaviourOf(model)).not.toEqual(defaultBehaviour);
    }
  });
});
