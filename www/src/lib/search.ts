// Finds gallery entries: every word of the query must occur somewhere; a hit in the title counts most, then one among
// the symptoms.

export interface Searchable {
  slug: string;
  title: string;
  summary: string;
  /** What people see and search for, with commas between. */
  symptoms?: string;
}

export function search<T extends Searchable>(rows: readonly T[], query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  const scored: { row: T; score: number; at: number }[] = [];
  rows.forEach((row, at) => {
    const title = row.title.toLowerCase();
    const rest = `${row.slug} ${row.summary}`.toLowerCase();
    const symptoms = (row.symptoms ?? '').toLowerCase();
    let score = 0;
    for (const word of words) {
      if (title.includes(word)) score += 3;
      else if (symptoms.includes(word)) score += 2;
      else if (rest.includes(word)) score += 1;
      else return;
    }
    scored.push({ row, score, at });
  });
  return scored.sort((a, b) => b.score - a.score || a.at - b.at).map((s) => s.row);
}
