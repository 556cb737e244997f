// oxlint-disable import/no-unassigned-import -- style sheets
import "@mantine/core/styles.css";
import "./styles.css";
import { MantineProvider } from "@mantine/core";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { ConsoleRouter } from "./router.tsx";
import { type Services, ServicesProvider } from "./services.ts";
import { colorSchemeManager, cssVariablesResolver, theme } from "./theme.ts";

interface AppProps {
  readonly services: Services;
  readonly queryClient: QueryClient;
  readonly router: ConsoleRouter;
}

/** The whole console, over whatever world `services` stands for. */
export function App({ services, queryClient, router }: AppProps): ReactElement {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <ServicesProvider value={services}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ServicesProvider>
    </MantineProvider>
  );
}
