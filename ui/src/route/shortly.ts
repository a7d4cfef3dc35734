// Waiting a little, so that what is nearly there is drawn once and whole instead of first in outline.

/** Ends when all have ended, well or not, or when the time is over. */
export function shortly(ms: number, ...awaited: Promise<unknown>[]): Promise<void> {
  const late = new Promise<unknown>((resolve) => setTimeout(resolve, ms));
  return Promise.race([Promise.allSettled(awaited), late]).then(() => undefined);
}
