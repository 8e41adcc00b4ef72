import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import shell from "./shell/messages.json";

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  defaultNS: "shell",
  ns: ["shell"],
  resources: { en: { shell } },
  interpolation: { escapeValue: false },
  showSupportNotice: false,
} as Parameters<typeof i18next.init>[0]);

/**
 * Adds the words of a page that loads on its own. Each chunk brings one message file, so that words of what comes
 * after commit are not in the browser before it.
 */
export function addMessages(namespace: string, messages: object): void {
  i18next.addResourceBundle("en", namespace, messages);
}
