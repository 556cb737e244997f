import { Counter, type Registry } from "prom-client";

interface Node {
  count: number;
  readonly next: Map<string, Node>;
}

const newNode = (): Node => ({ count: 0, next: new Map() });

/**
 * A counter whose labels are only put together when it is read: prom-client hashes them at every
 * increment, which is most of what counting a call would cost.
 */
export class LabelCounter {
  readonly #root = newNode();

  constructor(options: {
    name: string;
    help: string;
    labelNames: string[];
    registers: Registry[];
  }) {
    const root = this.#root;
    new Counter({
      ...options,
      collect() {
        this.reset();
        // Without labels a counter that has not counted is 0; with them it has no series yet.
        if (options.labelNames.length === 0) this.inc(root.count);
        else eachSeries(root, [], (values, count) => this.labels(...values).inc(count));
      },
    });
  }

  /** One value for each label, in their order. */
  add(values: readonly string[], amount = 1): void {
    let node = this.#root;
    for (const value of values) {
      let next = node.next.get(value);
      if (next === undefined) {
        next = newNode();
        node.next.set(value, next);
      }
      node = next;
    }
    node.count += amount;
  }
}

function eachSeries(
  node: Node,
  values: string[],
  visit: (values: string[], count: number) => void,
): void {
  for (const [value, next] of node.next) {
    const path = [...values, value];
    if (next.next.size === 0) visit(path, next.count);
    else eachSeries(next, path, visit);
  }
}
