// A part of the console that cannot be fetched: the network is away, or an update has put other files in its place.

/** How browsers and the bundler name it; there is no code to look at. */
const NAMES =
  /dynamically imported module|importing a module script failed|unable to preload css|module script.*failed to load/i;

export class PageGone extends Error {
  override readonly name = "PageGone";
}

export const isGone = (error: unknown): boolean =>
  error instanceof PageGone || (error instanceof Error && NAMES.test(error.message));
