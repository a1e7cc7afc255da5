import type { Child, FC } from "hono/jsx";

/** One bar: a word, a figure, and how it is written. */
export interface Bar {
  readonly word: string;
  readonly value: number;
  readonly said: string;
}

interface ChartProps {
  readonly id: string;
  readonly title: string;
  /** column heads of the table that says the same */
  readonly heads: readonly [string, string];
  readonly bars: readonly Bar[];
  readonly note?: string;
}

const WIDTH = 640;
const LABEL = 170;
const FIGURE = 130;
const LINE = 26;
const BAR = 16;
const ROOM = WIDTH - LABEL - FIGURE;

/** Bars that lie, drawn by the server, and beneath them the same figures as a table. */
export const Bars: FC<ChartProps> = ({ id, title, heads, bars, note }) => {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <Figure id={id} title={title} note={note}>
      <svg viewBox={`0 0 ${WIDTH} ${bars.length * LINE + 4}`} role="img">
        <title>{title}</title>
        {bars.map(({ word, value, said }, i) => (
          <g transform={`translate(0 ${i * LINE + 4})`}>
            <text x={LABEL - 8} y={BAR - 3} text-anchor="end">
              {shortened(word)}
            </text>
            <rect class="bar-fill" x={LABEL} y={0} width={widthOf(value, most, ROOM)} height={BAR} />
            <text class="muted" x={LABEL + widthOf(value, most, ROOM) + 8} y={BAR - 3}>
              {said}
            </text>
          </g>
        ))}
      </svg>
      <Numbers heads={heads} rows={bars.map(({ word, said }) => [word, said])} />
    </Figure>
  );
};

interface StackProps {
  readonly id: string;
  readonly title: string;
  /** what the parts of a bar are, in their order */
  readonly parts: readonly string[];
  readonly head: string;
  readonly bars: readonly { readonly word: string; readonly values: readonly number[] }[];
}

/** Bars of several parts, told apart by pattern as well as by brightness. */
export const Stack: FC<StackProps> = ({ id, title, parts, head, bars }) => {
  const totals = bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const most = Math.max(1, ...totals);
  return (
    <Figure id={id} title={title}>
      <ul class="legend">
        {parts.map((part, i) => (
          <li>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <Patterns id={`${id}-k${i}`} only={i} />
              <rect width="16" height="16" fill={`url(#${id}-k${i}-${i})`} />
            </svg>
            {part}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${WIDTH} ${bars.length * LINE + 4}`} role="img">
        <title>{title}</title>
        <Patterns id={id} />
        {bars.map(({ word, values }, i) => (
          <g transform={`translate(0 ${i * LINE + 4})`}>
            <text x={LABEL - 8} y={BAR - 3} text-anchor="end">
              {shortened(word)}
            </text>
            {values.map((value, part) => (
              <rect
                x={LABEL + widthOf(sumTo(values, part), most, ROOM)}
                y={0}
                width={widthOf(value, most, ROOM)}
                height={BAR}
                fill={`url(#${id}-${part % PATTERNS})`}
              />
            ))}
            <text class="muted" x={LABEL + widthOf(totals[i] ?? 0, most, ROOM) + 8} y={BAR - 3}>
              {(totals[i] ?? 0).toLocaleString("en")}
            </text>
          </g>
        ))}
      </svg>
      <Numbers
        heads={[head, ...parts, "together"]}
        rows={bars.map(({ word, values }, i) => [word, ...values, totals[i] ?? 0].map(figure))}
      />
    </Figure>
  );
};

const figure = (value: string | number): string => (typeof value === "number" ? value.toLocaleString("en") : value);
const sumTo = (values: readonly number[], end: number): number =>
  values.slice(0, end).reduce((sum, value) => sum + value, 0);
/** One decimal: what is drawn twice is the same twice. */
const widthOf = (value: number, most: number, room: number): number => Math.round((value / most) * room * 10) / 10;
/** As much as fits before the bars; the table has the whole of it. */
const shortened = (word: string): string => (word.length > 24 ? `${word.slice(0, 23)}…` : word);

const PATTERNS = 6;

/** Greys with lines, dots and crosses: told apart without colour, on paper too. */
const Patterns: FC<{ readonly id: string; readonly only?: number }> = ({ id, only }) => (
  <defs>
    {Array.from({ length: PATTERNS }, (_, i) => i)
      .filter((i) => only === undefined || i === only % PATTERNS)
      .map((i) => (
        <pattern id={`${id}-${only ?? i}`} class={`fill-${i}`} width="8" height="8" patternUnits="userSpaceOnUse">
          <rect width="8" height="8" />
          <path d={LINES[i]} />
        </pattern>
      ))}
  </defs>
);
const LINES = ["", "M0 8 8 0", "M0 4H8", "M4 0V8", "M0 0 8 8M0 8 8 0", "M3 3h2v2H3z"];

const Figure: FC<{
  readonly id: string;
  readonly title: string;
  readonly note?: string | undefined;
  readonly children?: Child;
}> = ({ id, title, note, children }) => (
  <section id={id} class="chart" aria-labelledby={`${id}-title`}>
    <h2 id={`${id}-title`}>{title}</h2>
    {children}
    {note !== undefined && <p class="muted">{note}</p>}
  </section>
);

/** The figures of a chart in words, for who does not see it and who copies them. */
const Numbers: FC<{ readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] }> = ({
  heads,
  rows,
}) => (
  <details>
    <summary>As a table</summary>
    <div class="wide">
      <table>
        <thead>
          <tr>
            {heads.map((one) => (
              <th scope="col">{one}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([word, ...values]) => (
            <tr>
              <th scope="row">{word}</th>
              {values.map((value) => (
                <td>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);
