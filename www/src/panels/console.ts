// The steps' commands and what they printed, up to the present; and a line of one's own, run at the present.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { prose } from '../app/story.ts';
import { instant } from '../lib/format.ts';
import { complete } from '../lib/kubectl-complete.ts';
import { runs } from '../lib/markdown.ts';
import { spanText } from '../lib/step-time.ts';
import { words } from '../words/words.ts';

interface Typed {
  at: number;
  line: string;
  output: string;
  exit: number | null;
  changes: boolean;
}

/** Lines typed since the page was opened; the text and its steps know nothing of them. */
let typed: Typed[] = [];
/** How many lines back the arrow keys have gone. */
let back = 0;

// What was asked of another text's cluster is not true of this one.
model.follow(['anew'], () => {
  typed = [];
  back = 0;
});

/** More than this nobody scrolls back to. */
const MOST = 200;

export function consoleCount(): number {
  return model.ask((core) => core.console(model.now), []).length;
}

function run(line: string): void {
  if (line === 'clear') {
    typed = [];
    return;
  }
  const looked = model.ask((core) => core.look(line), { output: '', exit: null, changes: false });
  typed = [...typed, { at: model.now, line, ...looked, exit: looked.exit ?? null }].slice(-MOST);
}

function onKey(event: KeyboardEvent, again: () => void): void {
  const input = event.target as HTMLInputElement;
  const lines = typed.map((t) => t.line);
  const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
  if (event.key === 'Enter' && input.value.trim()) {
    const line = input.value.trim();
    input.value = '';
    back = 0;
    model.whenRun(() => {
      run(line);
      again();
    });
  } else if (step !== 0) {
    back = Math.min(lines.length, Math.max(0, back + step));
    input.value = back === 0 ? '' : (lines.at(-back) ?? '');
  } else if (event.key === 'Tab' && !event.shiftKey && input.value) {
    const done = complete(
      input.value,
      model.ask((core) => core.objects(), []),
    );
    // Where there is nothing to complete, Tab goes on to the next control as everywhere.
    if (done === input.value) return;
    input.value = done;
  } else {
    if (event.key !== 'Escape') event.stopPropagation();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

const ended = (output: string) => output.replace(/\n?$/, output ? '\n' : '');

export function consolePanel(again: () => void) {
  const rows = model.ask((core) => core.console(model.now), []);
  const line = (command: string, at: number) =>
    html`<span class="prompt">$ </span><span class="cmd">${command}</span>  <span class="at">${instant(at)}</span>\n`;
  const code = (exit: number | null | undefined) =>
    exit ? html`<span class="bad">${words.console.exit(exit)}</span>\n` : nothing;
  return html`${rows.length === 0 && typed.length === 0 ? html`<p class="quiet">${runs(words.console.none).map(prose)}</p>` : nothing}
    <div class="term">${rows.map((row) => html`${line(row.command, row.at_us)}${ended(row.output)}${code(row.exit)}`)}${typed.map(
      (t) =>
        html`${line(t.line, t.at)}${ended(t.output)}${t.changes ? html`<span class="head">${words.console.changes(`- {at: ${spanText(t.at, 0)}, run: ${JSON.stringify(t.line)}}`)}</span>\n` : code(t.exit)}`,
    )}<label class="ask"><span class="prompt">$ </span><input class="console-line" type="text" autocapitalize="off" autocomplete="off" spellcheck="false"
      aria-label=${words.console.line} placeholder="kubectl get pods -o wide" @keydown=${(event: KeyboardEvent) => onKey(event, again)} /></label></div>`;
}
