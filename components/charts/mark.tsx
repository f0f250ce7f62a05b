import { type Look, markerPath } from "./look";

/** A marker to put on a point. `hollow`: its inside is paper. */
export function Mark(props: { x: number; y: number; r?: number; look: Look; hollow?: boolean }) {
  const { x, y, r = 4, look, hollow = false } = props;
  const open = look.marker === "cross" || look.marker === "plus";
  return (
    <path
      d={markerPath(look.marker, x, y, r)}
      fill={open ? "none" : hollow ? "var(--paper)" : look.stroke}
      stroke={look.stroke}
      strokeWidth={open ? 2 : 1.5}
    />
  );
}

/** A series in a legend: its line, its marker or both. */
export function Swatch({ look, line = true, mark = false }: { look: Look; line?: boolean; mark?: boolean }) {
  return (
    <svg width="28" height="12" aria-hidden className="shrink-0 self-center">
      {line && <line x1="1" x2="27" y1="6" y2="6" stroke={look.stroke} strokeDasharray={look.dash} strokeWidth="2" />}
      {mark && <Mark x={14} y={6} look={look} />}
    </svg>
  );
}
