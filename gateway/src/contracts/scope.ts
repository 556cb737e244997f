import { type Static, Type } from "typebox";

/** What a key may be used for; the proxy checks it for every call. */
export const Scope = Type.Union([
  Type.Literal("llm:call", { description: "Calls to models, and what belongs to them" }),
  Type.Literal("models:list", { description: "The lists of models" }),
  Type.Literal("files:use", {
    description: "Files, batches and whatever else a provider keeps and nobody can meter",
  }),
  Type.Literal("passthrough:call", { description: "Raw calls below /providers/" }),
]);
export type Scope = Static<typeof Scope>;

export const scopeNames: readonly Scope[] = Scope.anyOf.map((each) => each.const);

/** By how much a credential is narrower than its owner. */
export interface Grant {
  /** Null = every scope, those that come later included. */
  readonly scopes: readonly Scope[] | null;
  /** Patterns of models, aliases resolved; null = those of the team. */
  readonly models: readonly string[] | null;
  /** Lists that narrow the models further, each for itself. */
  readonly alsoModels?: readonly (readonly string[])[];
  /** Lists of the tools that may be offered to a model, each for itself; left out = any. */
  readonly tools?: readonly (readonly string[])[];
}
