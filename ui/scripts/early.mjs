// Lets the browser fetch words, page and first answers of the most visited screens while it still reads the main script: without it each of
// them is only known when the one before was read. Nothing depends on it; what is missing here is merely fetched later.

/** Their answers must be asked for exactly as the page does, or they are fetched twice. */
const SCREENS = {
  "/": { page: "src/page/public/Landing.tsx", answers: [] },
  "/instances": {
    page: "src/page/instances/Instances.tsx",
    answers: ["/api/v1/me", "/api/v1/instances?limit=200", "/api/v1/providers"],
  },
  "/usage": {
    page: "src/page/instances/TenantUsage.tsx",
    // The range of the address, as src/page/instance/usage/range.ts reads it.
    answers: ["/api/v1/me", "/api/v1/usage?days={days}", "/api/v1/providers"],
    days: { of: ["7", "30", "90"], else: "30" },
  },
};
const LANGUAGES = ["en", "de", "zh"];

export function early() {
  return {
    name: "early",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const parts = { words: {}, screens: {} };
        for (const language of LANGUAGES)
          parts.words[language] = files(bundle, [`src/text/${language}/index.ts`], html);
        for (const [path, { page, ...asked }] of Object.entries(SCREENS)) {
          parts.screens[path] = { files: files(bundle, [page], html), ...asked };
        }
        const script = `<script>(${fetchEarly})(${JSON.stringify(parts)})</script>`;
        // Before the styles: a script after them waits for them.
        return html.replace("<title>", () => `${script}\n    <title>`);
      },
    },
  };
}

/** Modules' chunks and styles with all they need, but for what the page names itself. */
function files(bundle, modules, html) {
  const chunks = Object.values(bundle).filter(({ type }) => type === "chunk");
  const wanted = new Set();
  const take = (chunk) => {
    if (html.includes(chunk.fileName) || wanted.has(chunk.fileName)) return;
    wanted.add(chunk.fileName);
    for (const style of chunk.viteMetadata?.importedCss ?? []) if (!html.includes(style)) wanted.add(style);
    for (const name of chunk.imports) take(bundle[name]);
  };
  for (const module of modules) {
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${module}`));
    if (!chunk) throw new Error(`early: ${module} has no chunk of its own`);
    take(chunk);
  }
  return [...wanted];
}

/** Runs in the browser, as it is written here. Chooses the language as src/text does. */
function fetchEarly({ words, screens }) {
  let stored = null;
  try {
    stored = localStorage.getItem("creel.language");
  } catch {
    // A browser that keeps nothing has its own wishes.
  }
  const wishes = [stored, ...navigator.languages.map((tag) => tag.slice(0, 2))];
  const language = wishes.find((tag) => tag && Object.hasOwn(words, tag)) ?? "en";
  const screen = screens[location.pathname];
  const add = (rel, href, as) => {
    const link = document.createElement("link");
    Object.assign(link, { rel, href, crossOrigin: "anonymous" });
    if (as) link.as = as;
    document.head.append(link);
  };
  const named = new URLSearchParams(location.search).get("days");
  const days = screen?.days?.of.includes(named) ? named : screen?.days?.else;
  for (const answer of screen?.answers ?? []) add("preload", answer.replace("{days}", days), "fetch");
  for (const file of [...words[language], ...(screen?.files ?? [])]) {
    if (file.endsWith(".css")) add("preload", `/${file}`, "style");
    else add("modulepreload", `/${file}`);
  }
}
