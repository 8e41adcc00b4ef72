import { Kbd } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../shell/dialog";

const KEYS: [string, string[]][] = [
  ["slices", ["↑", "↓"]],
  ["five", ["Page ↑", "Page ↓"]],
  ["ends", ["Home", "End"]],
  ["series", ["[", "]"]],
  ["wl", ["w"]],
  ["mark", ["m"]],
  ["length", ["l"]],
  ["pan", ["p"]],
  ["zoom", ["z"]],
  ["presets", ["1 … 9"]],
  ["invert", ["i"]],
  ["reset", ["r"]],
  ["unmark", ["Backspace"]],
  ["normal", ["n"]],
  ["finding", ["f"]],
  ["diagnosis", ["d"]],
  ["confidence", ["c"]],
  ["ready", ["Enter"]],
  ["commit", ["Ctrl", "Enter"]],
  ["help", ["?"]],
];

export function ShortcutList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("read");
  return (
    <Dialog opened={opened} onClose={onClose} title={t("shortcuts")} size="lg">
      <dl className="keys" data-testid="shortcut-list">
        {KEYS.map(([name, keys]) => (
          <Fragment key={name}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
