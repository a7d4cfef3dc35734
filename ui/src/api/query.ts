// How answers are kept: short-lived, asked again when the page is looked at, never retried when the server said no.
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./error";

/** An answer this young is shown without asking again, milliseconds. */
const FRESH_MS = 3_000;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      networkMode: "always",
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isOutage,
      retryDelay: (attempt) => 400 * 2 ** attempt,
    },
    mutations: { networkMode: "always", retry: false },
  },
});
