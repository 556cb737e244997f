// Node 12 must be able to parse and run this file: it is what tells the user of an old Node so.

/**
 * Says why this Node cannot run Weir's scripts, and what to do: one line, or "" when it can.
 * `version` is like `process.versions.node`.
 */
export function refuseOldNode(version) {
  const major = Number(version.split(".")[0]);
  if (major >= 20) return "";
  return (
    "weir: Node.js " +
    version +
    " is too old: Weir needs Node.js 20 or newer. " +
    "Install a current one (https://nodejs.org/en/download), then run the same command again."
  );
}
