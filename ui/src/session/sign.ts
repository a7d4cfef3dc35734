// Signing in and out from the page's side. Owns no credential: the cookie is the browser's and closed to scripts.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, body, done } from "~/api/client";
import { keys } from "~/api/keys";

export interface Credentials extends Record<string, unknown> {
  email: string;
  password: string;
}

export const signIn = ({ email, password }: Credentials) =>
  body(api.POST("/api/v1/auth/login", { body: { email, password } }));

export function useSignOut() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => done(api.POST("/api/v1/auth/logout")),
    // Also when the server could not be asked: the person wants out, and nothing of theirs may stay on the screen.
    onSettled: async () => {
      // The sign-in page sends whoever is known to be signed in away again.
      cache.removeQueries({ queryKey: keys.me });
      await navigate({ to: "/login" });
      cache.clear();
    },
  });
}
