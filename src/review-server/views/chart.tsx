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

/** In pixels, as `figures.css` has it for the words beside the bars. */
const LINE = 26;
const BAR = 16;
const ABOVE = 5;

/** Bars that lie, drawn by the server, and beneath them the same figures as a table. */
export const Bars: FC<ChartProps> = ({ id, title, heads, bars, note }) => {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <Figure id={id} title={title} note={note}>
      <Beside words={bars.map(({ word }) => word)} figures={bars.map(({ said }) => said)}>
        <svg height={bars.length * LINE} role="img">
          <title>{title}</title>
          {bars.map(({ value }, i) => (
            <rect class="bar-fill" y={i * LINE + ABOVE} width={percentOf(value, most)} height={BAR} />
          ))}
        </svg>
      </Beside>
      <Numbers title={title} heads={heads} rows={bars.map(({ word, said }) => [word, said])} />
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
      <Beside words={bars.map(({ word }) => word)} figures={totals.map(figure)}>
        <svg height={bars.length * LINE} role="img">
          <title>{title}</title>
          <Patterns id={id} />
          {bars.map(({ values }, i) =>
            values.map((value, part) => (
              <rect
                x={percentOf(sumTo(values, part), most)}
                y={i * LINE + ABOVE}
                width={percentOf(value, most)}
                height={BAR}
                fill={`url(#${id}-${part % PATTERNS})`}
              />
            )),
          )}
        </svg>
      </Beside>
      <Numbers
        title={title}
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
const percentOf = (value: number, most: number): string => `${Math.round((value / most) * 1_000) / 10}%`;
/** As much as fits before the bars; the table has the whole of it. */
const shortened = (word: string): string => (word.length > 16 ? `${word.slice(0, 15)}…` : word);

/** Bars between their words and their figures, which stay as large as text is everywhere. The table says the same again. */
const Beside: FC<{
  readonly words: readonly string[];
  readonly figures: readonly string[];
  readonly children?: Child;
}> = ({ words, figures, children }) => (
  <div class="bars">
    <ul aria-hidden="true">
      {words.map((word) => (
        <li>{shortened(word)}</li>
      ))}
    </ul>
    {children}
    <ul aria-hidden="true" class="muted">
      {figures.map((said) => (
        <li>{said}</li>
      ))}
    </ul>
  </div>
);

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
const Numbers: FC<{
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}> = ({ title, heads, rows }) => (
  <details>
    <summary>As a table</summary>
    <Wide of={title}>
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
    </Wide>
  </details>
);

/** A table that may be wider than the screen: it scrolls by itself, with the keyboard too. */
export const Wide: FC<{ readonly of: string; readonly children?: Child }> = ({ of, children }) => (
  <section class="scroll" tabindex={0} aria-label={of}>
    {children}
  </section>
);
