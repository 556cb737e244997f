import type { Me } from "@weir/gateway/contracts";
import { createContext, use } from "react";

const MeContext = createContext<Me | null>(null);
export const MeProvider = MeContext.Provider;

/** Who is signed in; only inside the shell, which shows nothing before it knows. */
export function useSignedIn(): Me {
  const me = use(MeContext);
  if (me === null) throw new Error("WEIR_CONSOLE_NOT_SIGNED_IN: use this inside the shell");
  return me;
}
