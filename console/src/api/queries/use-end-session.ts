import { useMutation, type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { useServices } from "../../services.ts";

/** Signs out: nothing that was read may stay in the page's memory. */
export function useEndSession(): UseMutationResult<void, Error, void> {
  const { api } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.endSession(),
    onSuccess: async () => {
      await client.cancelQueries();
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
      await client.resetQueries({ queryKey: ["me"] });
    },
  });
}
