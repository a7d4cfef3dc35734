// The person's notifications, asked every 20 seconds and after every operation that ends on a page (api/operation.ts).
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, done } from "~/api/client";
import { keys } from "~/api/keys";
import type { Notification } from "~/api/types";

const EVERY_MS = 20_000;
const SHOWN = 50;

export interface Notifications {
  items: Notification[];
  unread: number;
}

export function useNotifications() {
  return useQuery({
    queryKey: keys.notifications,
    queryFn: () => body(api.GET("/api/v1/notifications", { params: { query: { limit: SHOWN } } })),
    refetchInterval: EVERY_MS,
  });
}

/** Marks all as read; the count goes at once, and comes back by itself if the server did not hear it. */
export function useSeen() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => done(api.POST("/api/v1/notifications/seen")),
    onMutate: async () => {
      await cache.cancelQueries({ queryKey: keys.notifications });
      cache.setQueryData<Notifications>(keys.notifications, (now) => now && { ...now, unread: 0 });
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.notifications }),
  });
}
