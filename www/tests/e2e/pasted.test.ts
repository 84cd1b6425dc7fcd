// Twenty texts pasted over the sample: the page shows the new objects only, or one sentence and one button that leads on,
// and nothing of the text before.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { browser, idle, leaveEditor, openPage, playhead, useBrowser, write } from './browser.ts';

useBrowser();

const shop = (more = '', image = 'nginx:1.27') => `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
  - name: main
    image: ${image}
${more}`;

const template = (indent: string) =>
  ['metadata:', '  labels: {app: shop}', 'spec:', '  containers:', '  - name: main', '    image: nginx:1.27']
    .map((line) => `${indent}${line}\n`)
    .join('');

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: shop}
  template:
${template('    ')}`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports:
  - port: 80
`;

const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: shop
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: busybox:1.36
        command: ["sh", "-c", "echo done"]
`;

const helm = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "shop.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "shop.labels" . | nindent 8 }}
    spec:
      containers:
      - name: {{ .Chart.Name }}
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        ports:
        - containerPort: {{ .Values.service.port }}
`;

interface Case {
  name: string;
  text: string;
  /** The tabs above the editor. */
  tabs: string[];
  /** A lane that is there, of what runs at once. */
  lane?: RegExp;
  /** The sentence in the place of the timeline, of what does not run. */
  says?: RegExp;
  /** The button beside it, and the lane that is there when it was pressed; without a lane it opens a dialog. */
  button?: string;
  after?: RegExp;
}

const Helm = 'Fill in the values';
const cases: Case[] = [
  { name: 'a Pod', text: shop(), tabs: ['Pod shop'], lane: /shop/ },
  {
    name: 'a Pod as JSON',
    text: JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'shop' },
        spec: { containers: [{ name: 'main', image: 'busybox', command: ['sleep', '9'] }] },
      },
      null,
      2,
    ),
    tabs: ['Pod shop'],
    lane: /shop/,
  },
  {
    name: 'a Pod with a probe that fails',
    text: shop('    livenessProbe:\n      tcpSocket: {port: 9999}\n'),
    tabs: ['Pod shop'],
    lane: /shop/,
  },
  {
    name: 'a Pod that is deleted',
    text: `${shop()}---\napiVersion: podscope/v1\nkind: Scenario\nspec:\n  steps:\n  - at: 20s\n    run: kubectl delete pod shop\n`,
    tabs: ['Pod shop', 'Scenario'],
    lane: /shop/,
  },
  {
    name: 'an init container',
    text: shop('  initContainers:\n  - name: first\n    image: busybox:1.28\n    command: ["sh", "-c", "sleep 2"]\n'),
    tabs: ['Pod shop'],
    lane: /shop/,
  },
  {
    name: 'a Deployment with its Service',
    text: `${deployment}---\n${service}`,
    tabs: ['Deployment shop', 'Service shop'],
    lane: /shop/,
  },
  { name: 'a Job', text: job, tabs: ['Job shop'], lane: /shop/ },
  {
    name: 'a StatefulSet',
    text: `${deployment.replace('kind: Deployment', 'kind: StatefulSet')}`,
    tabs: ['StatefulSet shop'],
    lane: /shop/,
  },
  { name: 'a misspelt image', text: shop('', 'ngnix'), tabs: ['Pod shop'], lane: /shop/ },
  {
    name: 'an object that a cluster printed',
    text: shop()
      .replace('metadata:', 'metadata:\n  uid: 1c9c1a0e-1111-4b1e-9c1e-1c1c1c1c1c1c\n  resourceVersion: "1"')
      .concat('status:\n  phase: Running\n'),
    tabs: ['Pod shop'],
    lane: /shop/,
  },
  {
    name: 'a misspelt field',
    text: shop().replace('containers:', 'contaners:'),
    tabs: ['Pod shop'],
    says: /Nothing runs yet.*Line 6, column 3.*unknown field/s,
    button: 'Change to "containers"',
    after: /shop/,
  },
  {
    name: 'a line too far right',
    text: shop().replace('    image:', '     image:'),
    tabs: ['Pod shop'],
    says: /Nothing runs yet.*Line 8, column 6.*stands right of `name`/s,
    button: 'Align with name',
    after: /shop/,
  },
  {
    name: 'a colon that is missing',
    text: shop().replace('image:', 'image'),
    tabs: ['Pod shop'],
    says: /Nothing runs yet.*Line 8, column 5.*the colon after image is missing/s,
    button: 'Change to image:',
    after: /shop/,
  },
  {
    name: 'a Helm template',
    text: helm,
    tabs: ['Deployment {{ include "shop.fullname" . }}'],
    says: /^This is a Helm template, not a manifest: [^.]*?\s*Fill in the values\s*$/,
    button: Helm,
    after: /my-app/,
  },
  {
    name: 'a compose file',
    text: 'services:\n  shop:\n    image: nginx:alpine\n    ports:\n    - "8080:80"\n',
    tabs: ['Document 1'],
    says: /^This is a compose file, not a manifest: [^.]*?\s*Turn into a manifest\s*$/,
    button: 'Turn into a manifest',
    after: /shop/,
  },
  {
    name: 'a kustomization',
    text: 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- deployment.yaml\n',
    tabs: ['Kustomization'],
    says: /^This is a kustomization, not a manifest: [^.]*?\s*Open its files…\s*$/,
    button: 'Open its files…',
  },
  {
    name: 'a Markdown fence',
    text: `\`\`\`yaml\n${shop()}\`\`\`\n`,
    tabs: ['Pod shop'],
    says: /^This is a Markdown fence: [^.]*?\s*Take out the manifest\s*$/,
    button: 'Take out the manifest',
    after: /shop/,
  },
  {
    name: 'a here-document',
    text: `cat <<EOF | kubectl apply -f -\n${shop()}EOF\n`,
    tabs: ['Pod shop'],
    says: /^This is a shell command: [^.]*?\s*Take out the manifest\s*$/,
    button: 'Take out the manifest',
    after: /shop/,
  },
  {
    name: 'a sentence',
    text: 'Hello, I would like to see how a Pod works.\n',
    tabs: ['Document 1'],
    says: /^This is not a manifest yet: [^.]*?\s*Scenarios\s*$/,
    button: 'Scenarios',
  },
  { name: 'nothing', text: '', tabs: [], says: /^Nothing to run yet: [^.]*Scenarios\s*$/, button: 'Scenarios' },
];

const labels = async (page: Page) => (await page.locator('.tl-label').allTextContents()).map((text) => text.trim());

/** The sample as somebody leaves it: played, compared, with an entry chosen and lines typed into the console. */
async function used(page: Page): Promise<void> {
  await page.locator('#tab-compare').click();
  await page.locator('.compare').getByRole('button').first().click();
  await idle(page);
  await page.locator('#tab-console').click();
  await page.locator('.console-line').fill('kubectl get pod web');
  await page.locator('.console-line').press('Enter');
  await idle(page);
  await leaveEditor(page);
  await page.locator('body').press('Shift+ArrowRight');
  await idle(page);
  expect(await playhead(page)).toBeGreaterThan(0);
  expect(await page.locator('.term').textContent()).toMatch(/\bweb\b/);
  expect(await painted(page)).toBeGreaterThan(1000);
}

/** So many pixels of the timeline are painted. */
function painted(page: Page): Promise<number> {
  return page.evaluate(() => {
    let count = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('ps-timeline canvas')) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) count++;
    }
    return count;
  });
}

async function nothingBefore(page: Page, title: string): Promise<void> {
  for (const label of await labels(page)) expect(label).not.toMatch(/\bweb\b/);
  expect(await page.locator('.story-title').textContent()).not.toBe(title);
  await page.locator('#tab-console').click();
  await idle(page);
  expect(await page.locator('.term').textContent()).not.toMatch(/\bweb\b/);
  await page.locator('#tab-compare').click();
  await idle(page);
  expect(await page.locator('.compare table').count()).toBe(0);
  expect(await page.locator('.compare [aria-pressed=true]').count()).toBe(0);
  for (const id of ['watch', 'events']) {
    await page.locator(`#tab-${id}`).click();
    await idle(page);
    expect(await page.locator('.panels').textContent(), id).not.toMatch(/\bweb\b/);
  }
}

describe('pasted over the sample', () => {
  test.each(cases)('$name', async ({ text, tabs, lane, says, button, after }) => {
    const { page, wrongs } = await openPage(browser);
    const title = (await page.locator('.story-title').textContent()) ?? '';
    await used(page);
    if (text) await write(page, text);
    else {
      await page.locator('.cm-content').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('Delete');
      await idle(page);
    }
    expect(await page.locator('.outline-item').allTextContents()).toEqual(tabs);
    await nothingBefore(page, title);
    const notice = page.locator('.tl-nothing');
    if (lane) {
      expect(await notice.count()).toBe(0);
      await expect.poll(async () => (await labels(page)).some((label) => lane.test(label))).toBe(true);
      await page.keyboard.press('Escape');
    }
    if (says && button) {
      expect((await notice.textContent())?.trim()).toMatch(says);
      expect(await notice.locator('.button, .problem-fix').count()).toBe(1);
      expect(await labels(page)).toEqual([]);
      expect(await painted(page), 'no picture of the text before').toBe(0);
      const chooser = button.startsWith('Open') ? page.waitForEvent('filechooser') : null;
      await notice.getByRole('button', { name: button }).click();
      await chooser;
      await idle(page);
      if (after) {
        expect(await notice.count()).toBe(0);
        await expect.poll(async () => (await labels(page)).some((label) => after.test(label))).toBe(true);
      } else if (!chooser) expect(await page.locator('dialog[open]').count()).toBe(1);
    }
    expect(wrongs).toEqual([]);
  });
});

test('files that a kustomization names come before it, and it is applied to them', async () => {
  const { page } = await openPage(browser);
  await write(
    page,
    'kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [a.yaml]\nnamePrefix: my-\n',
  );
  const chooser = page.waitForEvent('filechooser');
  await page.locator('.tl-nothing').getByRole('button').click();
  await (await chooser).setFiles({ name: 'a.yaml', mimeType: 'text/yaml', buffer: Buffer.from(shop()) });
  await page.locator('.tl-nothing').getByRole('button', { name: 'Apply the kustomization' }).click();
  await idle(page);
  expect(await page.locator('.outline-item').allTextContents()).toEqual(['Pod my-shop']);
  await expect.poll(async () => (await labels(page)).some((label) => label.includes('my-shop'))).toBe(true);
});
