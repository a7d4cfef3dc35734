// Says within five seconds what is away, and that it is being waited for.
import { useTranslation } from "react-i18next";
import { useTrouble } from "~/api/status";
import { Notice } from "~/pattern/Notice";
import classes from "./TroubleBanner.module.css";

export function TroubleBanner() {
  const { t } = useTranslation("shell");
  const { trouble, words } = useTrouble();
  if (!trouble) return null;
  return (
    <div className={classes.banner}>
      <Notice tone={trouble === "unreachable" || trouble === "database" ? "bad" : "warn"}>
        {t(`trouble.${trouble}`, { words })}
      </Notice>
    </div>
  );
}
