/** How numbers, times and shares are written, everywhere. English marks, so that server and browser agree. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12345 → "12,345". */
export function count(n: number): string {
  return whole.format(n);
}

/** "1 problem", "2 problems". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A share 0..1 as a percentage: two digits that mean something ("0.098 %", "4.6 %", "38 %"). */
export function percent(share: number): string {
  const p = share * 100;
  if (p === 0) return "0 %";
  const digits = p >= 99.95 ? 0 : p >= 9.95 ? 1 : p >= 0.995 ? 1 : p >= 0.0995 ? 2 : 3;
  return `${p.toFixed(digits)} %`;
}

/** A share of few samples: whole per cent, as more digits would claim more than is known. */
export function roughPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** The bounds of an interval of a share: "1.2 to 4.0 %". */
export function percentRange(low: number, high: number): string {
  return `${percent(low).replace(" %", "")} to ${percent(high)}`;
}

/** Rows per second, or per minute when slow. */
export function rate(perSecond: number): string {
  if (perSecond >= 9.95) return `${whole.format(perSecond)}/s`;
  if (perSecond >= 0.95) return `${perSecond.toFixed(1)}/s`;
  return `${(perSecond * 60).toFixed(perSecond * 60 >= 9.95 ? 0 : 1)}/min`;
}

/** A duration as people say it: "40 s", "3 min", "2 h 10 min", "3 days". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

/** "2026-11-23 07:05 UTC": the same on every machine. */
export function moment(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A measured number: three digits that mean something ("0.0123", "1.25", "310"), thousands in groups. */
export function figure(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000) return whole.format(value);
  return String(Number(value.toPrecision(3)));
}
