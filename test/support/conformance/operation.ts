import type { Connection } from "./connection.ts";

/** Something else than a conversation that a package does. */
export interface ClientOperation {
  readonly name: string;
  /** Its use cannot be metered: it is denied unless the team is allowed it. */
  readonly isUnmetered?: true;
  /** Weir answers by itself, with what policy lets its caller use: only names are compared. */
  readonly isOfModels?: true;
  /** Gives back whatever its caller gets; what it makes at the provider it may leave there. */
  readonly run: (connection: Connection) => Promise<unknown>;
}

/** Everything that an asynchronous iterable gives. */
export async function allOf<Item>(
  items: AsyncIterable<Item> | Promise<AsyncIterable<Item>>,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of await items) all.push(item);
  return all;
}
