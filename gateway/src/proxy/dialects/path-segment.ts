// Ids that providers issue; nothing in them could be read as another path.
const SEGMENT = /^[\w.:~-]{1,256}$/;

/**
 * What follows `prefix` in `path` as plain segments, or null: `/v1/files/abc/content` below
 * `/v1/files` gives `["abc", "content"]`, and the prefix alone an empty list.
 */
export function segmentsBelow(path: string, prefix: string): string[] | null {
  if (path === prefix) return [];
  if (!path.startsWith(`${prefix}/`)) return null;
  const segments = path.slice(prefix.length + 1).split("/");
  const arePlain = segments.every(
    (segment) => SEGMENT.test(segment) && segment !== "." && segment !== "..",
  );
  return arePlain ? segments : null;
}
