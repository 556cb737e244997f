import {
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";
import { Root } from "./shell/root.tsx";
import { RouteError } from "./shell/route-error.tsx";
import { parseDecisionsSearch } from "./url/decisions-search.ts";
import { parseSearch, stringifySearch } from "./url/search-string.ts";
import { parseUsageSearch } from "./url/usage-search.ts";
import { AccessesView } from "./views/accesses/accesses-view.tsx";
import { AgentsView } from "./views/agents/agents-view.tsx";
import { DecisionsView } from "./views/decisions/decisions-view.tsx";
import { KeysView } from "./views/keys/keys-view.tsx";
import { DeviceView } from "./views/device/device-view.tsx";
import { LedgerView } from "./views/ledger/ledger-view.tsx";
import { NotFoundView } from "./views/not-found/not-found-view.tsx";
import { signedOutPath } from "./views/sign-in/sign-in-view.tsx";
import { UnpricedView } from "./views/unpriced/unpriced-view.tsx";
import { UsageView } from "./views/usage/usage-view.tsx";

const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: NotFoundView,
  errorComponent: RouteError,
});

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/usage", replace: true });
  },
});

const usageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/usage",
  validateSearch: parseUsageSearch,
  component: UsageView,
  errorComponent: RouteError,
});

const decisionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/decisions",
  validateSearch: parseDecisionsSearch,
  component: DecisionsView,
  errorComponent: RouteError,
});

const accessesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/accesses",
  component: AccessesView,
  errorComponent: RouteError,
});

const keysRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/keys",
  component: KeysView,
  errorComponent: RouteError,
});

const agentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/agents",
  component: AgentsView,
  errorComponent: RouteError,
});

const unpricedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/unpriced-models",
  component: UnpricedView,
  errorComponent: RouteError,
});

const ledgerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/ledger",
  component: LedgerView,
  errorComponent: RouteError,
});

const deviceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/device",
  component: DeviceView,
  errorComponent: RouteError,
});

/** Where the identity provider sends those who signed out; whoever is signed in again goes on. */
const signedOutRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: signedOutPath,
  component: () => <Navigate to="/usage" replace />,
});

/** @param history - the browser's, or one in memory for tests. */
export function createConsoleRouter(history: RouterHistory) {
  return createRouter({
    routeTree: rootRoute.addChildren([
      homeRoute,
      usageRoute,
      decisionsRoute,
      accessesRoute,
      keysRoute,
      agentsRoute,
      unpricedRoute,
      ledgerRoute,
      deviceRoute,
      signedOutRoute,
    ]),
    history,
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: false,
  });
}

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: ConsoleRouter;
  }
}
