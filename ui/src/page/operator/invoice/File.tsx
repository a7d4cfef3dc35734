// The vendor's file: dropped, chosen or pasted. Read here as text, never before somebody did one of these.
import { Button, FileButton, Textarea } from "@mantine/core";
import { IconFileSpreadsheet, IconUpload, IconX } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { bytes, whole } from "~/format/number";
import { Segments } from "~/pattern/Segments";
import { lines } from "./headings";
import classes from "./Invoice.module.css";
import { MOST_BYTES } from "./invoice";

interface Props {
  value: string;
  onChange: (text: string) => void;
  error?: ReactNode;
}

export function File({ value, onChange, error }: Props) {
  const { t } = useTranslation("operator");
  const [how, setHow] = useState<"file" | "paste">("file");
  return (
    <div className={classes.file}>
      <div className={classes.fileHead}>
        <span className={classes.label}>{t("invoice.file")}</span>
        <Segments
          label={t("invoice.how")}
          options={[
            { value: "file", label: t("invoice.as_file") },
            { value: "paste", label: t("invoice.as_text") },
          ]}
          value={how}
          onChange={setHow}
        />
      </div>
      {how === "file" ? (
        <Drop value={value} onChange={onChange} error={error} />
      ) : (
        <Textarea
          aria-label={t("invoice.as_text")}
          placeholder={t("invoice.paste")}
          classNames={{ input: classes.text }}
          spellCheck={false}
          autoComplete="off"
          minRows={6}
          maxRows={12}
          autosize
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
        />
      )}
    </div>
  );
}

/** A NUL byte is in no table of text, but in every spreadsheet's own format. */
const NOT_TEXT = "\u0000";

function Drop({ value, onChange, error }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  const [name, setName] = useState<string>();
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string>();
  const describes = useId();
  const reset = useRef<() => void>(null);

  const take = async (file: globalThis.File | null | undefined) => {
    if (!file) return;
    if (file.size > MOST_BYTES) return setRefused(t("invoice.too_long"));
    const text = await file.text();
    if (text.includes(NOT_TEXT)) return setRefused(t("invoice.not_text"));
    setRefused(undefined);
    setName(file.name);
    onChange(text);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const clear = () => {
    reset.current?.();
    setName(undefined);
    onChange("");
  };
  const wrong = refused ?? error;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        data-bad={Boolean(wrong) || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {value ? (
          <>
            <IconFileSpreadsheet size={24} stroke={1.6} aria-hidden />
            <span className={classes.fileWords}>
              <span className="truncate foreign">{name ?? t("invoice.pasted")}</span>
              <span className={classes.soft}>
                {bytes(new Blob([value]).size)} ·{" "}
                {t("invoice.lines", { count: lines(value), amount: whole(lines(value)) })}
              </span>
            </span>
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              leftSection={<IconX size={14} aria-hidden />}
              onClick={clear}
            >
              {t("common:action.remove")}
            </Button>
          </>
        ) : (
          <>
            <IconUpload size={24} stroke={1.6} aria-hidden />
            <span className={classes.fileWords} id={describes}>
              <span>{t("invoice.drop")}</span>
              <span className={classes.soft}>{t("invoice.known")}</span>
            </span>
            <FileButton
              onChange={(file) => void take(file)}
              accept=".csv,.tsv,.txt,text/csv,text/plain"
              resetRef={reset}
            >
              {(props) => (
                <Button variant="default" size="xs" aria-describedby={describes} {...props}>
                  {t("invoice.choose")}
                </Button>
              )}
            </FileButton>
          </>
        )}
      </div>
      {wrong && (
        <p className={classes.wrong} role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}
