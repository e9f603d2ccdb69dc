export type IconName =
  | "home" | "review" | "packs" | "models" | "workflows" | "runs" | "schedules" | "sweeps" | "training" | "forecasting" | "production" | "data" | "system"
  | "search" | "cli" | "link" | "plus" | "menu" | "sun" | "moon" | "copy" | "rerun" | "keys" | "pause" | "play" | "narrow" | "lock" | "download" | "diff" | "next" | "back" | "undo" | "redo" | "tidy" | "edit" | "right" | "down" | "swap";
