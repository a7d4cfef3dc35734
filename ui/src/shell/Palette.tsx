// Placeholder until the command palette lands.
export function openPalette() {}
export function Palette() {
  return null;
}
