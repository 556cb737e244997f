const MAX_MODELS = 500;

/**
 * The models that a provider has answered for: a client may invent names, and every name would be
 * a time series of its own.
 */
export class AnsweredModels {
  readonly #models = new Set<string>();

  /** The model if it may be an attribute of a metric. `answered`: this call proves that it exists. */
  label(model: string, answered: boolean): string | null {
    if (this.#models.has(model)) return model;
    if (!answered || model === "" || this.#models.size >= MAX_MODELS) return null;
    this.#models.add(model);
    return model;
  }
}
