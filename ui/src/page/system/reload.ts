// Reloading by itself must never become a loop: a page that is still broken right after one asks the person instead.

const KEY = "creel.reloaded";
/** Below this a second failure is not news. */
const AGAIN_MS = 60_000;

export function mayReload(now = Date.now()): boolean {
  try {
    return now - Number(sessionStorage.getItem(KEY) ?? 0) > AGAIN_MS;
  } catch {
    // Nowhere to remember it, so nothing would stop the loop.
    return false;
  }
}

export function reload() {
  try {
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    // Only the button leads here then.
  }
  window.location.reload();
}
