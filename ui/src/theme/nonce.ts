// The one place that knows the page's CSP nonce. Libraries that add <style> elements get it from here; without it the browser drops their styles.
import { setNonce } from "get-nonce";

const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
export const nonce = meta?.nonce || undefined;

if (nonce) setNonce(nonce);
