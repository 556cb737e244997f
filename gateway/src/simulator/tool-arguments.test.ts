import { describe, expect, it } from "vitest";
import { toolArguments } from "./tool-arguments.ts";

describe("toolArguments", () => {
  it("fills the required properties by type", () => {
    const schema = {
      type: "object",
      required: ["city", "days", "metric", "tags", "when", "unit", "nothing"],
      properties: {
        city: { type: "string" },
        days: { type: "integer", minimum: 3 },
        metric: { type: "boolean" },
        tags: { type: "array", minItems: 2, items: { type: "string", enum: ["a", "b"] } },
        when: { type: "string", format: "date" },
        unit: { const: "celsius" },
        nothing: { type: "null" },
        optional: { type: "string" },
      },
    };
    expect(toolArguments(schema)).toEqual({
      city: "simulator",
      days: 3,
      metric: true,
      tags: ["a", "a"],
      when: "2024-01-02",
      unit: "celsius",
      nothing: null,
    });
  });

  it("fills every property when none is required", () => {
    const properties = { command: { type: "string" }, seconds: { type: "number", maximum: 0.5 } };
    expect(toolArguments({ type: "object", properties })).toEqual({
      command: "echo simulator",
      seconds: 0.5,
    });
  });

  it("keeps within string lengths and exclusive bounds", () => {
    const properties = {
      long: { type: "string", minLength: 12 },
      short: { type: "string", maxLength: 3 },
      above: { type: "integer", exclusiveMinimum: 4 },
    };
    expect(toolArguments({ properties })).toEqual({ long: "simulator...", short: "sim", above: 5 });
  });

  it("follows references and takes the first alternative", () => {
    const schema = {
      $defs: { point: { type: "object", properties: { x: { type: "number" } } } },
      properties: { at: { $ref: "#/$defs/point" }, or: { anyOf: [{ type: "null" }, {}] } },
    };
    expect(toolArguments(schema)).toEqual({ at: { x: 1 }, or: null });
  });

  it("ends on a schema that refers to itself", () => {
    const schema = { properties: { child: { $ref: "#" } } };
    expect(JSON.stringify(toolArguments(schema)).length).toBeLessThan(200);
  });

  it("gives no arguments for a schema that is no object", () => {
    expect(toolArguments({ type: "string" })).toEqual({});
  });
});
