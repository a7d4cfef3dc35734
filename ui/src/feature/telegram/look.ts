// Waiting for the person to press Start: Telegram is asked through the server for as long as the page is looked at.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, body } from "~/api/client";
import type { TelegramClaim } from "~/api/types";
import { useNow } from "~/pattern/Time";

/** The server asks Telegram at most once a second. */
const EVERY_MS = 1_500;

export interface Looking {
  /** As new as the last look. */
  claim: TelegramClaim;
  expired: boolean;
  /** The last look that failed; looking goes on. */
  error: unknown;
}

export function useLook(known: TelegramClaim, onClaimed?: (claim: TelegramClaim) => void): Looking {
  const now = useNow(5_000);
  const expired = !known.claimed_by && new Date(known.expires_at) <= now;
  const query = useQuery({
    queryKey: ["claim", known.id],
    queryFn: () => body(api.POST("/api/v1/telegram/claims/{id}/look", { params: { path: { id: known.id } } })),
    enabled: !known.claimed_by && !expired,
    refetchInterval: ({ state }) => (state.data?.claimed_by ? false : EVERY_MS),
    refetchIntervalInBackground: false,
    staleTime: 0,
    retry: false,
  });
  const claim = query.data?.claimed_by ? query.data : known;

  const tell = useRef(onClaimed);
  tell.current = onClaimed;
  const fresh = !known.claimed_by && claim.claimed_by !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it turns true
  useEffect(() => {
    if (fresh) tell.current?.(claim);
  }, [fresh]);

  return { claim, expired: expired && !claim.claimed_by, error: query.error };
}
