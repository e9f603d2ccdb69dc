import { cut, visible } from "../../text/format";

/** Text that people or strategies wrote: isolated, its control and direction characters shown, cut in lists and whole on hover. */
export function OtherText({ children, most, className }: { children: string; most?: number; className?: string }) {
  const whole = visible(children);
  const text = cut(children, most ?? 80);
  return (
    <bdi className={className} title={text === whole ? undefined : whole}>
      {text}
    </bdi>
  );
}
