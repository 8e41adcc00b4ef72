import type { ReactNode } from "react";

/** Line drawings on a 20 × 20 grid; the button beside them carries the words. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const icons = {
  wl: (
    <Icon>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" stroke="none" />
    </Icon>
  ),
  mark: (
    <Icon>
      <circle cx="10" cy="10" r="5" />
      <path d="M10 2v5M10 13v5M2 10h5M13 10h5" />
    </Icon>
  ),
  length: (
    <Icon>
      <path d="M3 17 17 3M3 13v4h4M17 7V3h-4" />
    </Icon>
  ),
  pan: (
    <Icon>
      <path d="M10 2v16M2 10h16M7.5 4.5 10 2l2.5 2.5M7.5 15.5 10 18l2.5-2.5M4.5 7.5 2 10l2.5 2.5M15.5 7.5 18 10l-2.5 2.5" />
    </Icon>
  ),
  zoom: (
    <Icon>
      <circle cx="8.5" cy="8.5" r="5.5" />
      <path d="m13 13 4.5 4.5M8.5 6v5M6 8.5h5" />
    </Icon>
  ),
  invert: (
    <Icon>
      <rect x="3" y="3" width="14" height="14" rx="2" />
      <path d="M3 17 17 3v12a2 2 0 0 1-2 2z" fill="currentColor" stroke="none" />
    </Icon>
  ),
  reset: (
    <Icon>
      <path d="M4 10a6 6 0 1 0 2-4.5M4 3v3.5h3.5" />
    </Icon>
  ),
};
