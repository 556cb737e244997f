/** The object without its undefined members, as the AI SDK's types want optional ones. */
export function compact<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  // Only keys whose value is undefined go, which T declares optional.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
