import { createContext, use } from "react";
import type { Api } from "./api/client.ts";

/** What the console needs of the world; tests hand in their own. */
export interface Services {
  readonly api: Api;
  readonly nowMs: () => number;
  /** The reader's own time zone, IANA name. */
  readonly ownTimeZone: string;
  /** Between two polls of a view that is open. */
  readonly pollMs: number;
  /** Goes to a path of Weir's that is no view of the console. */
  readonly leaveFor: (path: string) => void;
}

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === null) throw new Error("WEIR_CONSOLE_NO_SERVICES: wrap this in ServicesProvider");
  return services;
}
