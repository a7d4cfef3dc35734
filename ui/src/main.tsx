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
import { startText } from "./text";
import { nonce } from "./theme/nonce";
import { SCHEME_KEY } from "./theme/scheme";
import { theme, variables } from "./theme/theme";

const scheme = localStorageColorSchemeManager({ key: SCHEME_KEY });

async function start() {
  // Words, page and the first answers are fetched side by side.
  const words = startText();
  void router.load();
  await words;
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
