// The frame around every signed-in page: navigation, search, notices. Owns layout only; what a page shows is the page's.
import { ActionIcon, AppShell, Burger, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "~/pattern/Brand";
import { Account } from "./Account";
import { Bell } from "./Bell";
import { Inside } from "./inside";
import { Navigation } from "./Navigation";
import { openPalette, Palette } from "./Palette";
import { Reconnect } from "./Reconnect";
import { SessionExpired } from "./SessionExpired";
import classes from "./Shell.module.css";
import { TroubleBanner } from "./TroubleBanner";

export function Shell() {
  const { t } = useTranslation("shell");
  const [opened, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // A chosen page closes the drawer of small screens.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of page matters
  useEffect(close, [path]);

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 228, breakpoint: "md", collapsed: { mobile: !opened } }}
      padding={0}
      withBorder={false}
    >
      <a href="#main" className={classes.skip}>
        {t("skip")}
      </a>
      <AppShell.Header className={classes.header}>
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="md"
          size="sm"
          aria-label={opened ? t("menu.close") : t("menu.open")}
          aria-expanded={opened}
        />
        <Link to="/instances" className={classes.brand} aria-label="Creel">
          <Mark size={26} />
          <span className={classes.name}>Creel</span>
        </Link>
        <button type="button" className={classes.search} onClick={openPalette}>
          <IconSearch size={16} aria-hidden />
          <span className={classes.searchWords}>{t("search")}</span>
          <kbd className={classes.kbd}>Ctrl K</kbd>
        </button>
        <div className={classes.end}>
          <Button
            component={Link}
            to="/new"
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden />}
            visibleFrom="xs"
          >
            {t("new")}
          </Button>
          <ActionIcon component={Link} to="/new" size="lg" hiddenFrom="xs" aria-label={t("new")}>
            <IconPlus size={18} />
          </ActionIcon>
          <Bell />
          <Account />
        </div>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main}>
        <TroubleBanner />
        <div className={classes.content} id="main" tabIndex={-1}>
          <Inside value={true}>
            <Outlet />
          </Inside>
        </div>
      </AppShell.Main>
      <Palette />
      <SessionExpired />
      <Reconnect />
    </AppShell>
  );
}
