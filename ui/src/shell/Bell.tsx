// What happened while one looked elsewhere: a count, a list, and a word when a long change has ended.
import { ActionIcon, Popover } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./bell/Bell.module.css";
import { Entries } from "./bell/Entries";
import { useNotifications, useSeen } from "./bell/notifications";
import { useToasts } from "./bell/toasts";

/** More than this is only "many". */
const MOST = 99;

export function Bell() {
  const { t } = useTranslation("shell");
  const [opened, setOpened] = useState(false);
  const query = useNotifications();
  const seen = useSeen();
  const [fresh, setFresh] = useState<Set<string>>(new Set());
  useToasts(query.data?.items);

  const unread = query.data?.unread ?? 0;
  const change = (wanted: boolean) => {
    setOpened(wanted);
    if (!wanted) return;
    // What was unread stays marked for as long as this look lasts.
    setFresh(new Set(query.data?.items.filter((item) => item.unread).map((item) => item.id)));
    if (unread > 0) seen.mutate();
  };
  return (
    <Popover opened={opened} onChange={change} position="bottom-end" shadow="md" radius="lg" width={380} trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          radius="xl"
          className={classes.bell}
          aria-label={unread > 0 ? t("bell.unread", { count: unread }) : t("bell.label")}
          onClick={() => change(!opened)}
        >
          <IconBell size={20} stroke={1.7} />
          {unread > 0 && (
            <span className={`${classes.count} figures`} aria-hidden>
              {unread > MOST ? `${MOST}+` : unread}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel} aria-label={t("bell.label")}>
        <Entries query={query} fresh={fresh} onLeave={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
