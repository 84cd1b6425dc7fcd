// Takes a picture of every panel and every state of the page, so that anybody can look at them:
//
//   node tests/pictures.mjs FOLDER [ADDRESS] [LOOK,…] [SCENE,…]
//
// ADDRESS is a served build (default http://127.0.0.1:4173/, as `cargo serve` has it). Files are called LOOK-SCENE.png.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { workloads } from './workload-scenes.mjs';

const [folder, address = 'http://127.0.0.1:4173/', wantedLooks = '', wantedScenes = ''] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node tests/pictures.mjs FOLDER [ADDRESS] [LOOK,…] [SCENE,…]');
  process.exit(2);
}
const among = (list) => (name) => list === '' || list.split(',').includes(name);

const desk = { width: 1440, height: 900 };
const looks = {
  /** The picture of the README: `node tests/pictures.mjs FOLDER ADDRESS readme`. */
  readme: { viewport: { width: 1600, height: 900 }, colorScheme: 'light', only: 'tipping' },
  light: { viewport: desk, colorScheme: 'light' },
  dark: { viewport: desk, colorScheme: 'dark' },
  narrow: { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  'narrow-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
  zh: { viewport: desk, colorScheme: 'light', lang: 'zh' },
  'zh-narrow': {
    viewport: { width: 390, height: 844 },
    colorScheme: 'light',
    lang: 'zh',
    hasTouch: true,
    isMobile: true,
  },
  forced: { viewport: desk, colorScheme: 'dark', forcedColors: 'active' },
  tablet: { viewport: { width: 1024, height: 768 }, colorScheme: 'light' },
  zoom: { viewport: { width: 720, height: 450 }, colorScheme: 'light', deviceScaleFactor: 2 },
};

/** Fails its probe, is killed and waits; writes logs; two containers and a Service. */
const busy = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  terminationGracePeriodSeconds: 20
  initContainers:
  - name: migrate
    image: busybox
    command: [sh, -c, "echo migrating; sleep 3; echo done"]
  containers:
  - name: app
    image: registry.example/shop/web:1.4.2
    ports: [{containerPort: 8080}]
    livenessProbe:
      httpGet: {path: /healthz, port: 8080}
      periodSeconds: 5
      failureThreshold: 3
    readinessProbe:
      httpGet: {path: /ready, port: 8080}
      periodSeconds: 5
  - name: log
    image: busybox
    command: [sh, -c, "while true; do date; sleep 7; done"]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: podscope/v1
kind: Scenario
metadata:
  name: slow
spec:
  until: 3m
  workloads:
  - container: app
    program:
      listens: [{port: 8080, after: 22s}]
      onTerm: {after: 6s, code: 0}
      logs: [{at: 1s, line: reading its settings}, {at: 22s, line: "listening on :8080"}]
  steps:
  - at: 40s
    run: kubectl get pod -o wide
  - at: 95s
    run: kubectl logs web -c migrate
  - at: 150s
    run: kubectl delete pod web
`;

const real = `NAME   READY   STATUS              RESTARTS     AGE
web    0/2     Pending             0            0s
web    0/2     Init:0/1            0            0s
web    0/2     PodInitializing     0            6s
web    1/2     Running             0            9s
web    0/2     OOMKilled           0            14s
`;

const broken = busy
  .replace('containers:\n  - name: app', 'contaners:\n  - name: app')
  .replace('kind: Service', 'kind: Servise');

const press = (key) => async (page) => {
  await page.locator('body').press(key);
};
const dialog = (key) => async (page) => {
  await page.locator('body').press(key);
  await page.waitForSelector('dialog[open]');
};
const tab = (id) => async (page, look) => {
  // Selecting says what Describe is about, and brings Why to the front: the tab comes after.
  await seek(page, 45);
  const button = page.locator(`#tab-${id}`);
  await button.click();
  if (look.isMobile) await button.evaluate((e) => e.closest('.panels').scrollIntoView());
};
const textFace = async (page, look) => {
  if (look.viewport.width < 700) await page.locator('ps-faces .tab').nth(1).click();
};

async function idle(page) {
  await page.waitForSelector('html[data-idle="true"]', { timeout: 60_000 });
}

/** Puts the playhead to this share of the run, in percent. */
async function seek(page, percent) {
  const box = await page.locator('.tl-ruler').boundingBox();
  await page.mouse.click(box.x + (box.width * percent) / 100 - (percent === 100 ? 2 : 0), box.y + 8);
  await idle(page);
}

async function surprise(page, times) {
  for (let i = 0; i < times; i++) {
    await page.locator('body').press('Shift+ArrowRight');
    await idle(page);
  }
}

/** Opens the second strip of a Pod, else what is folded last. */
async function unfold(page) {
  const strips = page.locator('.tl-label[aria-expanded=false]', { has: page.locator('.tl-revision') });
  const strip = (await strips.count()) > 1 ? strips.nth(1) : page.locator('.tl-label[aria-expanded=false]').last();
  await strip.click();
  await idle(page);
}

async function write(page, text, look) {
  await textFace(page, look);
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  if (text) await page.keyboard.insertText(text);
  else await page.keyboard.press('Delete');
  await idle(page);
  await page.keyboard.press('Escape');
  await page.locator('.cm-content').evaluate((e) => e.blur());
  if (look.viewport.width < 700) await page.locator('ps-faces .tab').first().click();
  await idle(page);
}

/** Each begins on a page that has just been opened with `text`, or with the story of the first visit. */
const scenes = {
  start: { do: async () => undefined },
  playing: { do: async (page) => seek(page, 45) },
  editor: { text: busy, do: textFace },
  timeline: { text: busy, do: async (page) => seek(page, 60) },
  zoomed: {
    text: busy,
    do: async (page) => {
      await seek(page, 16);
      for (let i = 0; i < 4; i++) await press('+')(page);
    },
  },
  table: { text: busy, do: press('r') },
  why: { text: busy, do: async (page) => surprise(page, 4) },
  tipping: {
    do: async (page) => {
      // A few runs, as after a few keystrokes: the time that is said beside them is not that of the very first.
      for (const seed of ['1', '0', '2', '0', '3', '0']) {
        await page.locator('.seed input').fill(seed);
        await page.keyboard.press('Enter');
        await idle(page);
      }
      await page.locator('.seed input').blur();
      await page.waitForSelector('ps-timeline[data-bands="true"]', { timeout: 120_000 });
      for (let i = 0; i < 12; i++) {
        await surprise(page, 1);
        if (/^70\.3/.test((await page.locator('.tl-badge').textContent()) ?? '')) break;
      }
    },
  },
  chain: { do: async (page) => surprise(page, 8) },
  events: { text: busy, do: tab('events') },
  describe: { text: busy, do: tab('describe') },
  yaml: { text: busy, do: tab('yaml') },
  logs: { text: busy, do: tab('logs') },
  endpoints: { text: busy, do: tab('endpoints') },
  watch: { text: busy, do: tab('watch') },
  console: {
    text: busy,
    do: async (page, look) => {
      await tab('console')(page, look);
      await page.locator('.console-line').fill('kubectl get events');
      await page.keyboard.press('Enter');
      await page.locator('.console-line').fill('kubectl delete pod web');
      await page.keyboard.press('Enter');
    },
  },
  gallery: { do: dialog('g') },
  'gallery-137': {
    do: async (page) => {
      await dialog('g')(page);
      await page.getByRole('searchbox').fill('137');
    },
  },
  share: { do: dialog('s') },
  help: { do: dialog('?') },
  compare: {
    text: busy,
    do: async (page, look) => {
      await press('b')(page);
      await write(page, busy.replace('failureThreshold: 3', 'failureThreshold: 8'), look);
      await tab('compare')(page, look);
    },
  },
  ghosts: {
    text: busy,
    do: async (page, look) => {
      await press('b')(page);
      await write(page, busy.replace('failureThreshold: 3', 'failureThreshold: 2'), look);
    },
  },
  sweep: {
    text: busy,
    do: async (page) => {
      await dialog('v')(page);
      await page.waitForFunction(() => document.querySelector('.sweep-answer')?.textContent?.trim(), null, {
        timeout: 60_000,
      });
    },
  },
  reality: {
    text: busy,
    do: async (page) => {
      await dialog('c')(page);
      await page.locator('ps-reality textarea').fill(real);
    },
  },
  whatif: {
    text: busy,
    do: async (page) => {
      await seek(page, 30);
      await press('w')(page);
      await page.waitForSelector('[role=menu]');
    },
  },
  bands: {
    text: busy,
    do: async (page) => {
      await page.waitForSelector('ps-timeline[data-bands="true"]', { timeout: 120_000 });
      await surprise(page, 4);
    },
  },
  tour: {
    do: async (page) => {
      await dialog('?')(page);
      await page.locator('ps-help .button').first().click();
      await page.waitForSelector('ps-help dialog:not([open])', { state: 'attached' });
      await page.locator('ps-tour .button').last().click();
    },
  },
  problems: { text: broken, do: textFace },
  nothing: { text: broken, do: async () => undefined },
  steps: { text: busy.replace('failureThreshold: 3', 'failureThreshold: {{ .n }}'), do: async () => undefined },
  empty: {
    text: busy,
    do: async (page, look) => write(page, '', look),
  },
  backoff: {
    text: busy.replace('sleep 3; echo done', 'sleep 3; exit 1').replace('until: 3m', 'until: 10m'),
    do: async (page) => seek(page, 100),
  },
  embed: {
    do: async (page, look) => {
      await dialog('s')(page);
      const link = await page.locator('ps-share input[readonly], ps-share input').first().inputValue();
      const theme = look.colorScheme === 'dark' ? 'dark' : 'light';
      await page.goto(`${address}embed.html${link.slice(link.indexOf('#'))}&theme=${theme}&lang=${look.lang ?? 'en'}`);
      await page.waitForSelector('pod-scope[data-live]', { timeout: 30_000 });
    },
  },
};

for (const [name, text] of Object.entries(workloads)) {
  scenes[name] = { text, do: async () => undefined };
  scenes[`${name}-open`] = { text, do: unfold };
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROME ?? '/usr/bin/chromium',
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-background-networking'],
});
let failed = 0;
for (const [name, look] of Object.entries(looks).filter(([name]) => among(wantedLooks)(name))) {
  const { lang = 'en', only, ...options } = look;
  for (const [called, scene] of Object.entries(scenes).filter(
    ([name]) => (only ?? name) === name && among(wantedScenes)(name),
  )) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${name}-${called}: ${error.message}`));
    try {
      if (scene.text) {
        await page.addInitScript((text) => {
          if (!sessionStorage.length) localStorage.setItem('podscope.text', text);
          sessionStorage.setItem('begun', '1');
        }, scene.text);
      }
      await page.goto(`${address}?testing=1&lang=${lang}`);
      await idle(page);
      await scene.do(page, look);
      await page.waitForTimeout(250);
    } catch (error) {
      failed++;
      console.error(`${name}-${called}: ${String(error).split('\n')[0]}`);
    }
    await page.screenshot({ path: join(folder, `${name}-${called}.png`) });
    await context.close();
  }
  console.log(`${name}: done`);
}
await browser.close();
process.exit(failed > 0 ? 1 : 0);
