// The document's own words, which are English, with `code` as code.
import { Code } from "@mantine/core";

export function Prose({ children }: { children: string }) {
  const parts = children.split("`");
  return (
    <span lang="en" className="foreign">
      {parts.map((part, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
        at % 2 === 1 ? <Code key={at}>{part}</Code> : part,
      )}
    </span>
  );
}
