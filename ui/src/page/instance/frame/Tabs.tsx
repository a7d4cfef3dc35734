// The agent's pages, as links: they can be opened beside each other, shared and gone back to.
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Frame.module.css";

const TABS = [
  { key: "overview", to: "/instances/$slug" },
  { key: "channels", to: "/instances/$slug/channels" },
  { key: "model", to: "/instances/$slug/model" },
  { key: "usage", to: "/instances/$slug/usage" },
  { key: "logs", to: "/instances/$slug/logs" },
  { key: "activity", to: "/instances/$slug/activity" },
  { key: "settings", to: "/instances/$slug/settings" },
] as const;

export function Tabs({ slug }: { slug: string }) {
  const { t } = useTranslation("instance");
  const nav = useRef<HTMLElement>(null);
  // On small screens the row is wider than the window; the page one is on is brought into sight.
  useEffect(() => {
    const strip = nav.current;
    const here = strip?.querySelector<HTMLElement>("[aria-current]");
    if (strip && here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.clientWidth) / 2;
  });
  return (
    <nav ref={nav} className={classes.tabs} aria-label={t("tab.label")}>
      {TABS.map(({ key, to }) => (
        <Link
          key={key}
          to={to}
          params={{ slug }}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {t(`tab.${key}`)}
        </Link>
      ))}
    </nav>
  );
}
