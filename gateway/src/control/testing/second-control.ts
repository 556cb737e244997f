import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "../store/open-store.ts";
import type { StoreFixture } from "./control-fixture.ts";

/** The same store for another control: with connections and a data directory of its own. */
export async function secondControl(fixture: StoreFixture, name = "second"): Promise<StoreFixture> {
  const directory = join(fixture.directory, name);
  await mkdir(directory);
  const store = await openStore(fixture.target);
  return {
    ...fixture,
    directory,
    store,
    context: { ...fixture.context, store },
    [Symbol.asyncDispose]: () => store.destroy(),
  };
}
