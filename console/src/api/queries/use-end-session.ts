import { useMutation, type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/**
 * Signs out: nothing that was read may stay in the page's memory. Where an identity provider has
 * vouched, the browser goes on to sign out there as well.
 */
export function useEndSession(): UseMutationResult<string | null, Error, void> {
  const { api, leaveFor } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.endSession(),
    onSuccess: async (next) => {
      await client.cancelQueries();
      if (next !== null) return leaveFor(next);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
      await client.resetQueries({ queryKey: ["me"] });
    },
  });
}
