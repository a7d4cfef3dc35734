// The way in: words, looks, data, pages, in this order.
import "./theme/nonce";
import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./theme/tokens.css";
import "./theme/global.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/query";
import { router } from "./route";
import { shortly } from "./route/shortly";
import { startText } from "./text";
import { nonce } from "./theme/nonce";
import { SCHEME_KEY } from "./theme/scheme";
import { theme, variables } from "./theme/theme";

const scheme = localStorageColorSchemeManager({ key: SCHEME_KEY });

// See index.html: from here on errors say again where they came from.
Error.stackTraceLimit = 10;

/** An empty page for so long is seen by nobody, a page that is drawn twice is felt by everybody: drawing is what takes the time. */
const FIRST_LOOK_MS = 300;

async function start() {
  // Words, page and the first answers are fetched side by side. What is there shortly is drawn once and whole, not first in outline.
  const words = startText();
  const page = shortly(FIRST_LOOK_MS, router.load());
  await words;
  await page;
  const root = document.getElementById("root");
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        colorSchemeManager={scheme}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce ?? ""}
      >
        <Notifications position="bottom-right" limit={4} />
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
