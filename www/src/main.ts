// Wiring only. The order matters: first the text and the core, then the first picture, then the panels and the editor.

import './app/notice.ts';
import './app/header.ts';
import './app/faces.ts';
import './app/splitter.ts';
import './app/story.ts';
import './app/transport.ts';
import './app/gallery.ts';
import './app/share.ts';
import './app/help.ts';
import './editor/outline.ts';
import './editor/problems.ts';
import './reality/reality.ts';
import './sweep/sweep.ts';
import './whatif/whatif.ts';
import './timeline/timeline.ts';

import { calm, model, testing } from './app/context.ts';
import { takeEarly } from './app/early.ts';
import { startFiles } from './app/files.ts';
import { hold, markIdle } from './app/frame.ts';

import { onCrash, startGuard } from './app/guard.ts';
import { startKeyboard } from './app/keyboard.ts';
import { startLanguage } from './app/language.ts';
import { notify } from './app/notice.ts';
import { startOffline } from './app/offline.ts';
import { startPrint } from './app/print.ts';
import { recallPlace, recallSeed, startRemembering } from './app/remember.ts';
import { startStories, titleNow } from './app/stories.ts';
import { firstText, openLink } from './app/texts.ts';
import { startTheme } from './app/theme.ts';
import { offerTour } from './app/tour.ts';
import { loadCore, newCore, renewCore } from './core/load.ts';
import { Session } from './core/session.ts';
import { editor } from './editor/editor.ts';
import { showPanels } from './panels/panels.ts';
import { words } from './words/words.ts';

async function start(): Promise<void> {
  markIdle();
  const release = hold('core');
  startStories();
  startLanguage();
  startGuard();
  startTheme();
  startKeyboard();
  startFiles();
  startRemembering();
  startPrint();
  model.setText(firstText());
  recallSeed();
  editor()?.requestUpdate();
  takeEarly();
  await coreLoaded(release);
  model.connect(new Session(newCore, onCrash, renewCore));
  const link = openLink();
  afterFirstPicture(() => {
    model.open((asked) => {
      model.fitSpeed();
      const again = link === null && recallPlace();
      if (link?.t !== undefined) model.seek(link.t);
      if (link?.sel !== undefined) selectLater(link.sel);
      if (link?.t === undefined && !again && !calm && !asked.play) model.toggle(true);
    });
    showPanels();
    void editor()?.enrich();
    startOffline();
    if (link === null && !testing) offerTour();
    release();
  });
}

/** Selects an entry when it is computed. */
function selectLater(entry: number): void {
  model.whenRun(() => model.select(entry));
}

/** Loads the core. A failure is shown and ends the `loading`; when the network is back the core is loaded again. */
async function coreLoaded(loading: () => void): Promise<void> {
  for (;;) {
    try {
      await loadCore();
      return;
    } catch (error) {
      notify({ text: words.crash.load(error instanceof Error ? error.message : String(error)), error: true });
      loading();
      await new Promise((resolve) => addEventListener('online', resolve, { once: true }));
      notify(null);
    }
  }
}

/** Runs the job when a future has been computed and painted. */
function afterFirstPicture(job: () => void): void {
  const stop = model.follow(['run'], () => {
    // Other things are told of under the same topic, a change of colours for one.
    if (!model.textRead) return;
    stop();
    requestAnimationFrame(() => {
      performance.mark('first-picture');
      setTimeout(job, 0);
    });
  });
}

model.follow(['run'], () => {
  const title = titleNow();
  document.title = title ? `${title} · Podscope` : 'Podscope';
});

addEventListener('hashchange', () =>
  model.whenCore(() => {
    const link = openLink();
    if (link?.t !== undefined) model.seek(link.t);
    if (link?.sel !== undefined) selectLater(link.sel);
  }),
);

void start();
