/** What a migration says cannot be said to a cluster. */
export class ClusterError extends Error {
  readonly code = "WEIR_LEDGER_CLUSTER";
}

/** The table on each node that holds the rows of `table`. */
export function localName(table: string): string {
  return `${table}_local`;
}

/** @throws ClusterError when the name is none that needs no quoting. */
export function onCluster(cluster: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(cluster))
    throw new ClusterError(
      `ledger.cluster: "${cluster}" is not the name of a cluster: letters, digits, _ and -.`,
    );
  return `ON CLUSTER \`${cluster}\``;
}
