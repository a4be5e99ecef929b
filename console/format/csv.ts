/** Rows as CSV (RFC 4180), with a line of names. A cell that a spreadsheet would take for a formula is quoted as text. */
export function csv(rows: readonly Readonly<Record<string, string | number | boolean | null>>[]): string {
  const [first] = rows
  if (!first) return ''
  const names = Object.keys(first)
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => cells.map((value) => cell(String(value))).join(','))
    .join('\r\n')
}

function cell(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
