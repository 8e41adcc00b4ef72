import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { grouped } from "./words";

type Props = { total: number; offset: number; size: number; onTurn: (offset: number) => void };

/** Turns the pages of a list; nothing where one page holds it. */
export function Pager({ total, offset, size, onTurn }: Props) {
  const { t } = useTranslation("admin");
  if (total <= size && offset === 0) return null;
  const to = Math.min(total, offset + size);
  return (
    <Group mt="md" gap="sm">
      <Button variant="default" size="xs" disabled={offset === 0} onClick={() => onTurn(Math.max(0, offset - size))}>
        {t("previous")}
      </Button>
      <span className="quiet" data-testid="pager">
        {t("page", { from: grouped(Math.min(offset + 1, to)), to: grouped(to), total: grouped(total) })}
      </span>
      <Button variant="default" size="xs" disabled={to >= total} onClick={() => onTurn(offset + size)}>
        {t("next")}
      </Button>
    </Group>
  );
}
