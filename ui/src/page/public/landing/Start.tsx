// The way in, which depends on who asks and on the server's state.
import { Button } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Entry } from "../entry/house";
import classes from "./Start.module.css";

const DOORS = { console: "/instances", setup: "/setup", signup: "/signup", login: "/login" } as const;

/** The one big button. */
export function Start({ entry, white }: { entry: Entry; white?: boolean }) {
  const { t } = useTranslation("public");
  return (
    <Button
      component={Link}
      to={DOORS[entry]}
      size="md"
      className={white ? classes.white : classes.start}
      rightSection={<IconArrowRight size={18} aria-hidden />}
    >
      {t(`start.${entry}`)}
    </Button>
  );
}

/** The same in the bar. */
export function Doors({ entry }: { entry: Entry }) {
  const { t } = useTranslation("public");
  if (entry === "console")
    return (
      <Button component={Link} to="/instances" ml={8}>
        {t("start.console")}
      </Button>
    );
  return (
    <>
      <Button component={Link} to="/login" variant="subtle" color="gray" className={classes.quiet}>
        {t("sign_in")}
      </Button>
      {entry !== "login" && (
        <Button component={Link} to={DOORS[entry]} visibleFrom="xs">
          {t(`door.${entry}`)}
        </Button>
      )}
    </>
  );
}
