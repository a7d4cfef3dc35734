// 404: no such page, or no such thing any more, or somebody else's; the same words for all three.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useInside } from "~/shell/inside";
import { Escaped } from "./Drawing";
import { Scene } from "./Scene";

export function Missing() {
  const { t } = useTranslation("system");
  return (
    <Scene title={t("missing.title")} drawing={<Escaped />} actions={<Home />}>
      <p>{t("missing.words")}</p>
    </Scene>
  );
}

/** The way back to safe ground. */
export function Home({ variant }: { variant?: "default" }) {
  const { t } = useTranslation("system");
  const inside = useInside();
  return (
    <Button component={Link} variant={variant} to={inside ? "/instances" : "/"}>
      {inside ? t("to_agents") : t("to_start")}
    </Button>
  );
}
