import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { searchFiles } from "./search-files.ts";

const Order = Type.Object({ directory: Type.String(), personId: Type.String() });
export type SearchOrder = Static<typeof Order>;

// The process of its own that findInFiles starts.
process.once("message", (message) => {
  void answer(Value.Parse(Order, message));
});

async function answer({ directory, personId }: SearchOrder): Promise<void> {
  const search = await searchFiles(directory, personId);
  process.send?.(search, () => process.disconnect());
}
