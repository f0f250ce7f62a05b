/** A timestamptz expression as ISO 8601 in UTC with milliseconds, as programs are given it. */
export const iso = (expression: string): string =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
