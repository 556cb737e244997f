import { createBrowserHistory } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApi } from "./api/client.ts";
import { createQueryClient } from "./api/query-client.ts";
import { App } from "./app.tsx";
import { createConsoleRouter } from "./router.tsx";

const root = document.querySelector("#root");
if (root === null) throw new Error("WEIR_CONSOLE_NO_ROOT: index.html has lost its #root");

createRoot(root).render(
  <StrictMode>
    <App
      services={{
        api: createApi((input, init) => fetch(input, init)),
        nowMs: () => Date.now(),
        ownTimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        pollMs: 20_000,
        leaveFor: (path) => globalThis.location.assign(path),
      }}
      queryClient={createQueryClient(1)}
      router={createConsoleRouter(createBrowserHistory())}
    />
  </StrictMode>,
);
