// Where to go after signing in.

/** A path of this console, or nothing: one slash, then plain path characters. Anything cleverer could lead to another origin. */
export function ownPath(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?!\/)[\w\-/.~%]*$/.test(value) && !value.endsWith("\n") ? value : undefined;
}
