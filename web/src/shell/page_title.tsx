import { useTranslation } from "react-i18next";

/** The window's title. It never holds anything of a case: it stays in the browser's history. */
export function PageTitle({ name }: { name: string }) {
  const { t } = useTranslation("shell");
  return <title>{`${name} · ${t("name")}`}</title>;
}
