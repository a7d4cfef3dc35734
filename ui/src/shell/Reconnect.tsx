// After an outage everything on the page is asked again, by itself.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { keys } from "~/api/keys";
import { useTrouble } from "~/api/status";

export function Reconnect() {
  const cache = useQueryClient();
  const { trouble } = useTrouble();
  const before = useRef(trouble);
  useEffect(() => {
    const recovered = before.current !== undefined && trouble === undefined;
    before.current = trouble;
    if (recovered) void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.status[0] });
  }, [trouble, cache]);
  return null;
}
