// An account that may not sign in.
import { IconBan } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Badge } from "~/pattern/Badge";

const LOOK = { tone: "bad", icon: IconBan } as const;

export function Disabled() {
  const { t } = useTranslation("operator");
  return <Badge look={LOOK}>{t("users.disabled")}</Badge>;
}
