import { useEffect, useRef } from "react";

/** What to do by key: "m", "?", "ArrowUp", "Ctrl+Enter". Ctrl also stands for the command key. */
export type Shortcuts = Record<string, () => void>;

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true]";
const ARROWS = "[role=slider], [role=radiogroup], input[type=radio], [role=listbox], [role=menu], [role=tablist]";
const PRESSED = "button, a[href], [role=button]";

/** The shortcut a key event stands for, or null where it belongs to the control that has the focus. */
export function shortcutOf(event: KeyboardEvent): string | null {
  const target = event.target instanceof Element ? event.target : null;
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey || event.isComposing) return null;
  if (control) return `Ctrl+${event.key}`;
  if (target?.closest(TYPING)) return null;
  if (/^(Arrow|Home|End|Page)/.test(event.key) && target?.closest(ARROWS)) return null;
  if ((event.key === "Enter" || event.key === " ") && target?.closest(PRESSED)) return null;
  return event.key;
}

/** Listens while the component is shown; an open dialog keeps every key to itself. */
export function useShortcuts(shortcuts: Shortcuts, enabled = true): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("[role=dialog]")) return;
      const key = shortcutOf(event);
      const action = key === null ? undefined : latest.current[key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [enabled]);
}
