/**
 * Takes what came over the channel of our own fork for what messages.ts says it is: nothing but
 * the module at its other end can send there.
 * The caller names the message's type.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function isFromPeer<T>(value: unknown): value is T {
  return typeof value === "object" && value !== null;
}
