// The text of a report: what somebody needs to see the same on another machine.

export interface Report {
  version: string;
  kubernetes: string;
  seed: number;
  /** Link to the scenario; may be empty. */
  link: string;
  /** The selected entry in words; may be empty. */
  entry: string;
  at: string;
  text: string;
}

/** Markdown with blanks to fill in. English in every language, because those who read it may not share the reader's. */
export function differenceReport(report: Report): string {
  const fence = '`'.repeat(Math.max(3, ...[...report.text.matchAll(/`{3,}/g)].map((m) => m[0].length + 1)));
  return [
    '### Podscope differs from my cluster',
    '',
    `- Podscope ${report.version}, Kubernetes ${report.kubernetes}, seed ${report.seed}, at ${report.at}`,
    ...(report.entry ? [`- Selected: ${report.entry}`] : []),
    ...(report.link ? [`- ${report.link}`] : []),
    '- My cluster: (version, runtime, what `kubectl get pod -w` or the events said)',
    '',
    '**What I saw there:**',
    '',
    '**What Podscope shows:**',
    '',
    `${fence}yaml`,
    report.text.replace(/\n*$/, ''),
    fence,
    '',
  ].join('\n');
}
