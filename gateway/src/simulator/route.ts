import type { Received, Format } from "./wire.ts";

/** What the simulator does for one method and path. */
export interface Route {
  readonly method: string;
  /** A string is the whole path; a pattern's named groups become `params`, decoded. */
  readonly path: string | RegExp;
  /** Renders errors that come up before `serve`. */
  readonly wire: Format;
  /** `unread`: the body is left to `serve`, which takes it from `message` as it comes. */
  readonly body?: "whole" | "unread";
  readonly serve: (received: Received) => void;
}

export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const noParams: Readonly<Record<string, string>> = {};

/** Routes by method and path. */
export class RouteTable {
  readonly #exact = new Map<string, Matched>();
  readonly #patterns: { readonly pattern: RegExp; readonly route: Route }[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (typeof route.path !== "string") this.#patterns.push({ pattern: route.path, route });
      else this.#exact.set(`${route.method} ${route.path}`, { route, params: noParams });
    }
  }

  /** The route for a call, null when there is none. */
  find(method: string, path: string): Matched | null {
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact !== undefined) return exact;
    for (const { pattern, route } of this.#patterns) {
      const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
      if (groups !== undefined) return { route, params: decoded(groups) };
    }
    return null;
  }
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, decodedPart(value)]),
  );
}

function decodedPart(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
