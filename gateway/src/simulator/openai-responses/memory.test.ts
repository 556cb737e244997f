import { expect, it } from "vitest";
import { ResponseMemory } from "./memory.ts";

const conversation = { words: 1, messageCount: 1, images: 0 };
const stored = { model: "m", digest: "d", body: {}, reported: null, pending: [] };

it("forgets the oldest response beyond its number and beyond its size", () => {
  const few = new ResponseMemory(2, 1000);
  for (const id of ["a", "b", "c"]) few.remember(id, conversation, stored, 1);
  expect(["a", "b", "c"].map((id) => few.stored(id) !== null)).toEqual([false, true, true]);
  const small = new ResponseMemory(10, 100);
  for (const id of ["a", "b", "c"]) small.remember(id, conversation, stored, 40);
  expect(["a", "b", "c"].map((id) => small.stored(id) !== null)).toEqual([false, true, true]);
});

it("counts a response that is remembered again once against its size", () => {
  const memory = new ResponseMemory(10, 100);
  for (let i = 0; i < 5; i += 1) memory.remember("a", conversation, stored, 40);
  memory.remember("b", conversation, stored, 40);
  expect(memory.stored("a")).not.toBeNull();
});

it("looks in the shared memory for what it does not know itself", () => {
  const shared = new ResponseMemory(10, 100);
  const own = new ResponseMemory(10, 100, shared);
  shared.remember("a", conversation, stored, 1);
  own.remember("b", conversation, null, 0);
  expect(own.conversation("a")).toEqual(conversation);
  expect(own.conversation("b")).toEqual(conversation);
  expect(shared.conversation("b")).toBeNull();
});
