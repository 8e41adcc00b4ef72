import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function Loading() {
  const { t } = useTranslation("shell");
  return (
    <div
      role="status"
      aria-label={t("loading")}
      style={{ display: "grid", placeItems: "center", height: "100%", minHeight: 160 }}
    >
      <Loader size="sm" color="gray" type="dots" />
    </div>
  );
}
