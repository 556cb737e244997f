import type { LanguageModelV4, SharedV4Warning } from "@ai-sdk/provider";

/** The AI SDK's stand-in for the network. */
export type Fetch = typeof globalThis.fetch;

/** A provider's dialect as the AI SDK writes and reads it. */
export interface UpstreamDialect {
  /** The operation whose answer comes back. */
  operationId(stream: boolean): string;
  model(modelId: string, fetch: Fetch, newId: () => string): LanguageModelV4;
  /** The shortest whole JSON answer that the AI SDK takes, to have it write a request. */
  readonly blankAnswer: string;
  /** Changes that only tell what the documentation of translation tells already. */
  tolerates(warning: SharedV4Warning): boolean;
  /** The request body as it goes out. @throws Refusal WEIR_NOT_TRANSLATABLE */
  finish(body: string, limits: { maxTokens: number | undefined }): string;
}

/** Stands for the provider's address, which the AI SDK never reaches. */
export const NOWHERE = "http://provider.invalid";

/** The AI SDK asks the environment for a key when it is given none. */
export const NO_KEY = "none";
