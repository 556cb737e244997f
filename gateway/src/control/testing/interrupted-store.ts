import type { KyselyPlugin } from "kysely";
import type { Store } from "../store/open-store.ts";

/** The store, telling of every statement before it is sent: what is thrown there is its failure. */
export function interrupted(store: Store, beforeStatement: () => void): Store {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      beforeStatement();
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return store.withPlugin(plugin);
}
