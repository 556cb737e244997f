import type { UnpricedModels } from "@weir/gateway/contracts";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** The models of everybody's calls that have no price. */
export function useUnpricedModels(): UseQueryResult<UnpricedModels> {
  const { api } = useServices();
  return useQuery({
    queryKey: ["unpriced-models"],
    queryFn: ({ signal }) => api.unpricedModels(signal),
  });
}
