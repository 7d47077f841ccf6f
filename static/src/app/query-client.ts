import { QueryClient } from "@tanstack/react-query"

/** What was read from the API. Repeating failed requests is the API client's business (`lib/api`). */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, gcTime: 10 * 60_000 },
  },
})
