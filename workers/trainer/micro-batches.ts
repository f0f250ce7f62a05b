/**
 * Rows in groups of at most `tokens` positions, padding included. Rows of like length go together, since the shorter
 * ones of a group are padded to its longest; a longer row than `tokens` is a group of its own.
 */
export function microBatches<Row extends { ids: readonly number[] }>(rows: readonly Row[], tokens: number): Row[][] {
  const groups: Row[][] = [];
  let group: Row[] = [];
  for (const row of [...rows].sort((a, b) => b.ids.length - a.ids.length)) {
    const longest = group[0]?.ids.length ?? row.ids.length;
    if (group.length > 0 && longest * (group.length + 1) > tokens) {
      groups.push(group);
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
