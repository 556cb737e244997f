import { Type } from "typebox";
import { Value } from "typebox/value";

const Strings = Type.Array(Type.String());

/** Reads a list that the store keeps as JSON text. */
export function parseStrings(text: string): string[] {
  return Value.Parse(Strings, JSON.parse(text));
}
