// A word at the edge of the screen when a long change has ended and its agent is not being looked at.
import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Notification } from "~/api/types";
import { arrived } from "./arrived";
import classes from "./Bell.module.css";
import { placeOf, useSentence } from "./words";

const STAYS_MS = 8_000;

export function useToasts(items: Notification[] | undefined) {
  const toast = useToast();
  const known = useRef<Set<string>>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only new notifications matter
  useEffect(() => {
    if (!items) return;
    for (const item of arrived(items, known.current, window.location.pathname)) toast(item);
    known.current = new Set(items.map((item) => item.id));
  }, [items]);
}

function useToast() {
  const { t } = useTranslation(["shell", "common"]);
  const sentence = useSentence();
  const navigate = useNavigate();
  return (item: Notification) => {
    const place = placeOf(item);
    const failed = item.severity === "error";
    const open = () => {
      notifications.hide(item.id);
      if (place) void navigate(place);
    };
    notifications.show({
      id: item.id,
      color: failed ? "red" : "sea",
      icon: failed ? <IconX size={18} /> : <IconCheck size={18} />,
      title: <span className={`${classes.toast} foreign`}>{sentence(item)}</span>,
      message: place && (
        <Anchor component="button" type="button" size="sm" onClick={open}>
          {t("common:action.open")}
        </Anchor>
      ),
      autoClose: STAYS_MS,
      closeButtonProps: { "aria-label": t("common:action.close") },
    });
  };
}
