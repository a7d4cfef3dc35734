// What is shown before an answer is there: the shape of what will come, so that nothing jumps.
import { Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Failure } from "./Failure";

export function Lines({ count = 3, height = 16 }: { count?: number; height?: number }) {
  return (
    <Stack gap={12} aria-busy="true">
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move
        <Skeleton key={at} height={height} width={`${92 - ((at * 17) % 40)}%`} radius={6} />
      ))}
    </Stack>
  );
}

interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** One pattern for every answer: its shape while it is awaited, its failure with a way on, or the thing itself. Old data stays visible during an outage. */
export function Await<T>({
  query,
  skeleton,
  children,
}: {
  query: Loaded<T>;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return skeleton ?? <Lines />;
}
