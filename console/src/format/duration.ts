const decimals = (value: number, digits: number): string =>
  new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(value);

/** `840 ms`, `1.24 s`, `2 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms < 10) return `${decimals(ms, 1)} ms`;
  if (Math.round(ms) < 1000) return `${decimals(ms, 0)} ms`;
  if (ms < 59_950) return `${decimals(ms / 1000, ms < 9995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `310 µs`, `1.2 ms`. */
export const formatMicros = (micros: number): string =>
  micros < 1000 ? `${decimals(micros, 0)} µs` : formatMs(micros / 1000);

/** `just now`, `8 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAgo(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
