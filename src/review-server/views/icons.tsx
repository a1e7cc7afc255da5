import type { FC } from "hono/jsx";

/** Each state has a shape of its own, so that none is told by colour alone. */
const SHAPES = {
  approved: "M2 2h12v12H2z M4.5 8l2.5 2.5L11.5 5",
  rejected: "M3 3l10 10M13 3L3 13",
  held: "M5 3v10M11 3v10",
  wished: "M2.5 9l3.5 3.5L9.5 7M11 4.5l2-2",
  undecided: "M3 3h10v10H3z",
  culled: "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M4 12L12 4",
  published: "M8 13V3M4 7l4-4 4 4M3 14h10",
  problem: "M8 2l6.5 12h-13zM8 6.5v3.5M8 12v.6",
  blocked: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM8 5v3.5M8 10.6v.6",
  told: "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M8 7.5v3.5M8 4.8v.6",
  passed: "M2.5 8.5l3.5 4L13.5 4",
  repaired: "M2 9.5c2-4 4-4 6-1s4 3 6-1",
  working: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3",
} as const;

export type Shape = keyof typeof SHAPES;

export const Icons: FC = () => (
  <svg class="sprite" aria-hidden="true">
    {Object.entries(SHAPES).map(([name, path]) => (
      <symbol id={`i-${name}`} viewBox="0 0 16 16">
        <path d={path} />
      </symbol>
    ))}
  </svg>
);

export const Icon: FC<{ readonly name: Shape }> = ({ name }) => (
  <svg class={`icon ${name}`} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
);
