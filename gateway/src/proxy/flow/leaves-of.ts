const LEAVES_MAX = 50_000;
const DEPTH_MAX = 32;

export interface TextLeaf {
  /** Name of the member that holds it, of the list that it is an item of; empty = none. */
  readonly field: string;
  readonly text: string;
}

/**
 * The texts in what a tool answered. Only JSON has members: a text that merely contains some, as
 * somebody else may have written it, is one leaf of the member that it stands in.
 */
export function leavesOf(text: string): TextLeaf[] {
  const first = text.trimStart().charAt(0);
  if (first !== "{" && first !== "[") return [{ field: "", text }];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ field: "", text }];
  }
  const leaves: TextLeaf[] = [];
  collect(value, "", leaves, 0);
  return leaves;
}

function collect(value: unknown, field: string, leaves: TextLeaf[], depth: number): void {
  if (leaves.length >= LEAVES_MAX || depth > DEPTH_MAX) return;
  if (typeof value === "string") leaves.push({ field, text: value });
  else if (typeof value === "number") leaves.push({ field, text: String(value) });
  else if (Array.isArray(value)) {
    for (const item of value) collect(item, field, leaves, depth + 1);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      // Keys carry names too: a map of files by path, of people by address.
      leaves.push({ field, text: name });
      collect(item, name.slice(0, 64), leaves, depth + 1);
    }
  }
}
