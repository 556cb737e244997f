import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { SignInOptions } from "@weir/gateway/contracts";
import { useServices } from "../../services.ts";

/** The ways to sign in that there are. */
export function useSignInOptions(): UseQueryResult<SignInOptions> {
  const { api } = useServices();
  return useQuery({
    queryKey: ["sign-in-options"],
    queryFn: ({ signal }) => api.signInOptions(signal),
    staleTime: 60_000,
  });
}
