/** A cell of a table with commas, as RFC 4180 has it; a text with a semicolon is quoted too, for programs that part by it. */
const csvCell = (text: string): string =>
  /[",;\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;
