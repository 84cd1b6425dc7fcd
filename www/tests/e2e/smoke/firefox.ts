// Firefox as distributions ship it, driven by WebDriver BiDi, which it speaks itself.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Remote } from './remote.ts';

const names = [process.env.FIREFOX, 'firefox-esr', 'firefox'];

/** A Firefox that tells its version, or nothing. */
export function findFirefox(): string | undefined {
  return names.find((name) => name && spawnSync(name, ['--version']).status === 0);
}

type Answer = { id: number; result?: never; message?: string };

/** Commands out, answers in; events are not asked for. */
class Wire {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      this.#waiting.get(answer.id)?.(answer);
    };
  }

  async send<T>(method: string, params: object): Promise<T> {
    const id = ++this.#last;
    const answered = new Promise<Answer>((done) => this.#waiting.set(id, done));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, message } = await answered;
    this.#waiting.delete(id);
    if (result === undefined) throw new Error(`${method}: ${message}`);
    return result;
  }
}

/** The address that a starting Firefox says it listens at. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = '';
    child.stderr?.on('data', (data) => {
      said += data;
      const [address] = /ws:\/\/[\d.:]+/.exec(said) ?? [];
      if (address) done(address);
    });
    child.once('exit', (code) => fail(new Error(`Firefox ended with ${code}: ${said}`)));
  });
}

/** Starts a Firefox with a profile of its own. */
export async function startFirefox(program: string): Promise<Remote> {
  const profile = mkdtempSync(join(tmpdir(), 'podscope-firefox-'));
  // No word from home, no pages of its own; English, so that words can be looked for.
  const settings = {
    'app.normandy.enabled': false,
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.page': 0,
    'datareporting.policy.dataSubmissionEnabled': false,
    'intl.accept_languages': 'en-US',
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'remote.prefs.recommended': true,
    'toolkit.telemetry.server': '',
  };
  const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const child = spawn(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.once('exit', () => child.kill());
  const socket = new WebSocket(`${await listening(child)}/session`);
  await new Promise((done, fail) => {
    socket.onopen = done;
    socket.onerror = fail;
  });
  const wire = new Wire(socket);
  const session = await wire.send<{ capabilities: { browserName: string; browserVersion: string } }>('session.new', {
    capabilities: {},
  });
  const tree = await wire.send<{ contexts: { context: string }[] }>('browsingContext.getTree', {});
  const context = tree.contexts[0]?.context;
  const { browserName, browserVersion } = session.capabilities;
  return {
    name: `${browserName} ${browserVersion}`,
    async goto(url) {
      await wire.send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async evaluate(work, ...args) {
      const answer = await wire.send<{
        type: string;
        result?: { value?: string };
        exceptionDetails?: { text: string };
      }>('script.callFunction', {
        functionDeclaration: `async (args) => JSON.stringify(await (${work})(...JSON.parse(args)))`,
        arguments: [{ type: 'string', value: JSON.stringify(args) }],
        target: { context },
        awaitPromise: true,
      });
      if (answer.type !== 'success') throw new Error(answer.exceptionDetails?.text);
      return answer.result?.value === undefined ? undefined : JSON.parse(answer.result.value);
    },
    async perform(actions) {
      await wire.send('input.performActions', { context, actions });
    },
    async picture() {
      const { data } = await wire.send<{ data: string }>('browsingContext.captureScreenshot', { context });
      return Buffer.from(data, 'base64');
    },
    async resize(width, height) {
      await wire.send('browsingContext.setViewport', { context, viewport: { width, height } });
    },
    async close() {
      const ended = new Promise((done) => child.once('exit', done));
      await wire.send('browser.close', {}).catch(() => child.kill());
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
