/** The lines of a workflow's file that say what a step is: its key below `steps:` with all that is indented under it, and the comment above. */
export function linesOfStep(text: string, step: string): { first: number; lines: string[] } | null {
  const all = text.split(/\r?\n/);
  const steps = all.findIndex((l) => /^steps:\s*(#.*)?$/.test(l));
  if (steps < 0) return null;
  const key = new RegExp(`^(\\s+)["']?${step.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}["']?:`);
  let first = -1;
  let indent = 0;
  let depth = 0;
  for (let i = steps + 1; i < all.length; i++) {
    const line = all[i]!;
    if (/^\S/.test(line) && !line.startsWith("#")) break;
    const here = /^(\s+)[^\s#]/.exec(line)?.[1]?.length;
    if (depth === 0 && here !== undefined) depth = here;
    const found = key.exec(line);
    if (found !== null && found[1]!.length === depth) {
      first = i;
      indent = depth;
      break;
    }
  }
  if (first < 0) return null;
  let last = first;
  for (let i = first + 1; i < all.length; i++) {
    const line = all[i]!;
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    if ((/^\s*/.exec(line)?.[0].length ?? 0) <= indent) break;
    last = i;
  }
  while (first > steps + 1 && all[first - 1]!.trimStart().startsWith("#")) first--;
  return { first: first + 1, lines: all.slice(first, last + 1) };
}
