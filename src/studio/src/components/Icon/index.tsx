import type { GlyphName } from "../../flow/states";
import type { IconName } from "./types";

const paths: Record<IconName, string> = {
  home: "M3 8.5 9 3l6 5.500V15H3z",
  review: "M3.500 9.500l3.500 3.500 7.500-8",
  packs: "M3 5.500 9 3l6 2.500v7L9 15l-6-2.500zM3 5.500 9 8l6-2.500M9 8v7",
  models: "M4 4h10v10H4zM4 8h10M8 8v6",
  workflows: "M3 4h5v4H3zM10 10h5v4h-5zM5.500 8v4H10",
  runs: "M5 3.500l9 5.500-9 5.500z",
  schedules: "M3 4.500h12V15H3zM3 8h12M6.500 2.500v3M11.500 2.500v3",
  sweeps: "M3 3h5v5H3zM10 3h5v5h-5zM3 10h5v5H3zM10 10h5v5h-5z",
  training: "M3 14l4-5 3 3 5-8",
  forecasting: "M3 13c3 0 3-8 6-8M9 5c2 0 3 3 6 3M9 5c2 0 3 7 6 7",
  production: "M9 3v12M5 7v8M13 10v5",
  data: "M3 5c0-2.600 12-2.600 12 0v8c0 2.600-12 2.600-12 0zM3 5c0 2.600 12 2.600 12 0M3 9c0 2.600 12 2.600 12 0",
  system: "M9 6.500a2.500 2.500 0 1 0 .01 0zM9 2v2.500M9 13.500V16M2 9h2.500M13.500 9H16M4 4l1.800 1.800M12.200 12.200 14 14M14 4l-1.800 1.800M5.800 12.200 4 14",
  search: "M8 3.500a4.500 4.500 0 1 0 .01 0zM11.300 11.300 15 15",
  cli: "M4 5l4 4-4 4M9.500 13H14",
  link: "M7.500 10.500l3-3M6 8.500 4.300 10.200a2.500 2.500 0 0 0 3.500 3.500L9.500 12M12 9.500l1.700-1.700a2.500 2.500 0 0 0-3.500-3.500L8.500 6",
  plus: "M9 4v10M4 9h10",
  menu: "M3 5h12M3 9h12M3 13h12",
  sun: "M9 6a3 3 0 1 0 .01 0zM9 2v1.500M9 14.500V16M2 9h1.500M14.500 9H16M4 4l1 1M13 13l1 1M14 4l-1 1M5 13l-1 1",
  moon: "M14.500 10.500A6 6 0 0 1 7.500 3.500a6 6 0 1 0 7 7z",
  copy: "M6 6h8v8H6zM4 12V4h8",
  rerun: "M14 6.500A6 6 0 1 0 15 10M14.500 3v3.500H11",
  keys: "M2.500 5h13v8h-13zM5 7.500h.01M8 7.500h.01M11 7.500h.01M13 7.500h.01M6 10.500h6",
  pause: "M6.500 4v10M11.500 4v10",
  play: "M5 3.500l9 5.500-9 5.500z",
  narrow: "M10.500 5 6.500 9l4 4",
  lock: "M5 8.500h8V15H5zM6.500 8.500V6a2.500 2.500 0 0 1 5 0v2.500",
  download: "M9 3v8M5.500 8 9 11.500 12.500 8M4 14.500h10",
  diff: "M6.500 5 3 9l3.500 4M11.500 5 15 9l-3.500 4",
  next: "M7.500 5l4 4-4 4",
  back: "M11 4 6 9l5 5",
  undo: "M4 7h7a3.500 3.500 0 0 1 0 7H7M4 7l3-3M4 7l3 3",
  redo: "M14 7H7a3.500 3.500 0 0 0 0 7h4M14 7l-3-3M14 7l-3 3",
  tidy: "M3 4h5v4H3zM10 10h5v4h-5zM5.500 8v4H10",
  right: "M3 9h11M10.500 5.500 14 9l-3.500 3.500",
  down: "M9 3v11M5.500 10.500 9 14l3.500-3.500",
  swap: "M6 3.500v11M3.500 6 6 3.500 8.500 6M12 14.500v-11M9.500 12l2.500 2.500 2.500-2.500",
  edit: "M4 14l.800-3.200 7.500-7.500 2.400 2.400-7.500 7.500zM11 4.600 13.400 7",
};

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** The shape of a state; the word stands beside it. */
export function Glyph({ name, size = 12 }: { name: GlyphName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  );
}

const shapes: Record<GlyphName, React.ReactNode> = {
  tick: <path d="M2.500 6.500 5 9l4.800-6" />,
  cross: <path d="M3 3l6 6M9 3 3 9" />,
  ring: <path d="M6 1.500a4.500 4.500 0 1 1-4.500 4.500" />,
  bars: <path d="M4 2.500v7M8 2.500v7" strokeWidth={1.9} />,
  clock: (
    <>
      <circle cx={6} cy={6} r={4} strokeWidth={1.5} />
      <path d="M6 4v2l1.500 1" strokeWidth={1.3} />
    </>
  ),
  dots: <circle cx={6} cy={6} r={3.8} strokeWidth={1.5} strokeDasharray="2 2" />,
  turn: <path d="M9.500 4A4 4 0 1 0 10 6.500M9.800 1.800V4.200H7.400" strokeWidth={1.5} />,
  triangle: <path d="M6 1.500 11 10.500H1zM6 5v2.500" strokeWidth={1.5} />,
  dash: <path d="M2.500 6h7" />,
};
