// Where this account is signed in. One can be ended, or all of them.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDeviceDesktop, IconDeviceMobile, IconDeviceTablet, IconTerminal2 } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, done } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import { Tag } from "~/pattern/Choice";
import { useWords } from "~/pattern/Failure";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import { agentOf } from "./agent";
import { Everywhere } from "./Everywhere";
import classes from "./Sessions.module.css";

type Session = components["schemas"]["SessionView"];

const SHAPES = {
  computer: IconDeviceDesktop,
  phone: IconDeviceMobile,
  tablet: IconDeviceTablet,
  program: IconTerminal2,
};

export function Sessions() {
  const { t } = useTranslation("account");
  const sessions = useQuery({ queryKey: keys.sessions, queryFn: () => body(api.GET("/api/v1/sessions")) });
  const [leaving, setLeaving] = useState(false);
  return (
    <Panel
      title={t("session.title")}
      lead={t("session.lead")}
      actions={
        <Button variant="default" size="xs" onClick={() => setLeaving(true)}>
          {t("session.everywhere")}
        </Button>
      }
    >
      <Await query={sessions} skeleton={<Lines count={4} height={20} />}>
        {({ items }) => (
          <ul className={classes.list}>
            {ordered(items).map((session) => (
              <Row key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Await>
      <Everywhere opened={leaving} onClose={() => setLeaving(false)} />
    </Panel>
  );
}

/** This one first, then the latest seen. */
const ordered = (items: Session[]) =>
  [...items].sort((a, b) => Number(b.current) - Number(a.current) || b.last_seen_at.localeCompare(a.last_seen_at));

function Row({ session }: { session: Session }) {
  const { t } = useTranslation("account");
  const agent = agentOf(session.user_agent);
  const Shape = SHAPES[agent.kind];
  const end = useEnd(session.id);
  const browser = agent.browser ?? t("session.unknown");
  const name = agent.system ? t("session.on", { browser, system: agent.system }) : browser;
  return (
    <li className={classes.row}>
      <Shape size={22} stroke={1.6} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <p className={classes.name}>
          {name}
          {session.current && <Tag>{t("session.this")}</Tag>}
        </p>
        <p className={classes.note}>
          {session.current ? t("session.now") : t("session.seen")}
          {!session.current && <Time at={session.last_seen_at} />}
        </p>
      </div>
      {!session.current && (
        <Button
          variant="subtle"
          size="xs"
          color="gray"
          loading={end.isPending}
          onClick={() => end.mutate()}
          aria-label={t("session.end_of", { name })}
        >
          {t("session.end")}
        </Button>
      )}
    </li>
  );
}

function useEnd(id: string) {
  const { t } = useTranslation("account");
  const words = useWords();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => done(api.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } })),
    onSuccess: () => notifications.show({ message: t("session.ended") }),
    onError: (error) => notifications.show({ color: "red", message: words(error) }),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.sessions }),
  });
}
