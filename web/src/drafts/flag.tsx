import { useTranslation } from "react-i18next";
import { spaced } from "../shell/words";

/** What an educator should look at, in words; a flag that has none here is shown by its own. */
export function Flag({ flag }: { flag: string }) {
  const { t } = useTranslation("drafts");
  return <>{t(`flag.${flag}`, { defaultValue: spaced(flag) })}</>;
}
