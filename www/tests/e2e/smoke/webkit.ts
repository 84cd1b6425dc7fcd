// WebKitGTK's small browser, driven by classic WebDriver through the driver that comes with it, on a screen nobody sees.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import type { Remote } from './remote.ts';
import { until } from './remote.ts';

const driver = process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver';

/** The driver, if it and a screen (or the means to make one) are there. */
export function findWebKit(): string | undefined {
  const screen = process.env.DISPLAY || spawnSync('Xvfb', ['-help']).error === undefined;
  return screen && spawnSync(driver, ['--help']).error === undefined ? driver : undefined;
}

/** A screen of its own, and its name. */
async function screen(): Promise<{ display: string; child?: ChildProcess }> {
  if (process.env.DISPLAY) return { display: process.env.DISPLAY };
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1800x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  process.once('exit', () => child.kill());
  const display = await new Promise<string>((done, fail) => {
    (child.stdio[3] as Readable).once('data', (data) => done(`:${String(data).trim()}`));
    child.once('exit', (code) => fail(new Error(`Xvfb ended with ${code}`)));
  });
  return { display, child };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(address && typeof address === 'object' ? address.port : 0));
    });
  });
}

/** Starts driver and browser. */
export async function startWebKit(program: string): Promise<Remote> {
  const { display, child: xvfb } = await screen();
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', LC_ALL: 'C.UTF-8', LANGUAGE: 'en' };
  const child = spawn(program, [`--port=${port}`], { env, stdio: 'ignore' });
  process.once('exit', () => child.kill());

  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const url = `http://127.0.0.1:${port}${path}`;
    const answer = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  await until(() => ask('GET', '/status').catch(() => false as const), 'the driver of WebKit');
  const session = await ask<{ sessionId: string; capabilities: { browserName: string; browserVersion: string } }>(
    'POST',
    '/session',
    { capabilities: {} },
  );
  const at = `/session/${session.sessionId}`;
  const { browserName, browserVersion } = session.capabilities;
  const remote: Remote = {
    name: `${browserName} ${browserVersion}`,
    async goto(url) {
      await ask('POST', `${at}/url`, { url });
    },
    async evaluate(work, ...args) {
      const script = `return Promise.resolve((${work})(...JSON.parse(arguments[0]))).then((value) => JSON.stringify(value))`;
      const value = await ask<string | null>('POST', `${at}/execute/sync`, { script, args: [JSON.stringify(args)] });
      return value === null ? undefined : JSON.parse(value);
    },
    async perform(actions) {
      await ask('POST', `${at}/actions`, { actions });
    },
    async picture() {
      return Buffer.from(await ask<string>('GET', `${at}/screenshot`), 'base64');
    },
    async resize(width, height) {
      // A window has borders: what they take is added once it is known.
      await ask('POST', `${at}/window/rect`, { width, height });
      const inside = await remote.evaluate(() => ({ width: innerWidth, height: innerHeight }));
      await ask('POST', `${at}/window/rect`, {
        width: 2 * width - inside.width,
        height: 2 * height - inside.height,
      });
    },
    async close() {
      await ask('DELETE', at).catch(() => undefined);
      child.kill();
      xvfb?.kill();
    },
  };
  return remote;
}
