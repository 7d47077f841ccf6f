import { QueryClient } from "@tanstack/react-query"

/** The cache of API responses. The API client (`lib/api`) retries failed requests. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, gcTime: 10 * 60_000 },
  },
})
