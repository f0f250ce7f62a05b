/** What a unit measures, and how many base units it is. */
interface Unit {
  dimension: string;
  /** As a pair of whole numbers, so that 1 km = 1000 m exactly. */
  factor: [bigint, bigint];
}

const UNITS = new Map<string, Unit>();

function define(dimension: string, names: string, factor: [bigint, bigint] = [1n, 1n]): void {
  for (const name of names.split(" ")) UNITS.set(name, { dimension, factor });
}

define("length", "m meter meters metre metres");
define("length", "km kilometer kilometers kilometre kilometres", [1000n, 1n]);
define("length", "cm centimeter centimeters centimetre centimetres", [1n, 100n]);
define("length", "mm millimeter millimeters millimetre millimetres", [1n, 1000n]);
define("imperial length", "in inch inches");
define("imperial length", "ft foot feet", [12n, 1n]);
define("imperial length", "yd yard yards", [36n, 1n]);
define("imperial length", "mi mile miles", [63360n, 1n]);
define("mass", "g gram grams");
define("mass", "kg kilogram kilograms", [1000n, 1n]);
define("mass", "mg milligram milligrams", [1n, 1000n]);
define("imperial mass", "oz ounce ounces");
define("imperial mass", "lb lbs pound pounds", [16n, 1n]);
define("time", "s sec secs second seconds");
define("time", "min mins minute minutes", [60n, 1n]);
define("time", "h hr hrs hour hours", [3600n, 1n]);
define("time", "day days", [86400n, 1n]);
define("volume", "l liter liters litre litres");
define("volume", "ml milliliter milliliters", [1n, 1000n]);
define("angle", "degree degrees deg");
define("radians", "radian radians rad");
define("money", "dollar dollars usd");
define("small money", "cent cents");
define("euro", "euro euros eur");
define("speed", "mph");

/**
 * A unit that everybody knows, with its exponent: "cm^2" is of dimension "length 2". Null for other words ("apples"),
 * which say nothing about the value.
 */
export function knownUnit(words: string): Unit | null {
  const match = /^(square |sq\.? |cubic )?([a-z]+)(?:\s*\^\s*\{?\s*(\d)\s*\}?)?$/.exec(words.trim().toLowerCase());
  const unit = match?.[2] ? UNITS.get(match[2]) : undefined;
  if (!match || !unit) return null;
  const power = match[1]?.startsWith("c") ? 3 : match[1] ? 2 : Number(match[3] ?? 1);
  const [a, b] = unit.factor;
  return { dimension: `${unit.dimension} ${power}`, factor: [a ** BigInt(power), b ** BigInt(power)] };
}

/** Words after a number that change its value, or are mathematics: no units. */
export const NO_UNIT =
  /\b(?:hundreds?|thousands?|millions?|billions?|trillions?|dozens?|or|and|to|pi|sqrt|sin|cos|tan|log|ln|mod|if|for|when|where|times|plus|minus|over|squared|cubed|choose|is|are|otherwise|with|some|all|any|not|no)\b/i;
