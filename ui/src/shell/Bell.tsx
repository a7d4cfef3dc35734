// Placeholder until the notifications land.
export function Bell() {
  return null;
}
