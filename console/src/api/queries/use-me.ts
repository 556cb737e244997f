import type { Me } from "@weir/gateway/contracts";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** Who is signed in. */
export function useMe(): UseQueryResult<Me> {
  const { api } = useServices();
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => api.me(signal), staleTime: 60_000 });
}
