import { Cell, type Column, Headings } from './table.tsx';

/** The height of a row in a table of which only the rows in view are drawn, in pixels; its style has the same. */
export const ROW_HEIGHT = 32;

/** The row of headings. */
export const Head = <Row,>({ columns }: { readonly columns: readonly Column<Row>[] }) => (
  <thead>
    <tr aria-rowindex={1}>
      <Headings columns={columns} />
    </tr>
  </thead>
);

/** The rows that are drawn, each with its number among all (the first one is 0), which is told unless it is not known (`isNumbered`). */
export function Rows<Row>({
  shown,
  columns,
  keyOf,
  selected,
  isNumbered = true,
}: {
  readonly shown: readonly (readonly [index: number, row: Row])[];
  readonly columns: readonly Column<Row>[];
  keyOf(row: Row): string | number;
  readonly selected: string | number | undefined;
  readonly isNumbered?: boolean;
}) {
  return shown.map(([index, row]) => {
    const key = keyOf(row);
    return (
      <tr key={key} aria-rowindex={isNumbered ? index + 2 : undefined} aria-current={key === selected || undefined}>
        {columns.map((column) => (
          <Cell key={column.name} column={column} row={row} />
        ))}
      </tr>
    );
  });
}

/** The room of rows that are not drawn. */
export const Space = ({ pixels, columns }: { readonly pixels: number; readonly columns: number }) =>
  pixels > 0 ? (
    <tr class="space" style={{ blockSize: `${pixels}px` }}>
      <td colSpan={columns} />
    </tr>
  ) : null;
