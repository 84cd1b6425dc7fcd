// A stand-in for the core with the same boundary, for work on the page alone. It knows one story and one typing error.

import type * as C from '../../src/core/contract.ts';
import { entries, lanes, surprises, until } from './story.ts';

export default async function init(): Promise<void> {}

class FakeDrawList implements C.DrawList {
  height = 0;
  private rowList: C.Row[] = [];
  private rectList: number[] = [];
  private markList: number[] = [];
  private textList: number[] = [];
  private words: string[] = [];
  private linkList: number[] = [];
  private tickList: C.Tick[] = [];
  boxes: { x: number; y: number; w: number; h: number; id: number }[] = [];

  constructor(req: C.LayoutRequest) {
    const px = (us: number) => ((us - req.from_us) / (req.to_us - req.from_us)) * req.width;
    const hidden = new Set<number>();
    const middle = new Map<number, number>();
    for (const lane of lanes) {
      if (lane.parent !== null && (hidden.has(lane.parent) || req.folded.includes(lane.parent))) {
        hidden.add(lane.id);
        continue;
      }
      this.rowList.push({ lane: lane.id, y: this.height, height: lane.height, middle: lane.height / 2 });
      middle.set(lane.id, this.height + lane.height / 2);
      this.height += lane.height;
    }
    for (const e of entries) {
      const y = middle.get(e.lane);
      if (y === undefined || (e.end ?? e.at) < req.from_us || e.at > req.to_us) continue;
      const row = lanes[e.lane]?.height ?? 20;
      const h = row > 28 ? 22 : row > 22 ? 18 : 12;
      if (e.end === null) {
        this.markList.push(px(e.at), y, e.shape, e.style, e.id);
        this.boxes.push({ x: px(e.at) - 6, y: y - 7, w: 12, h: 14, id: e.id });
        continue;
      }
      const x = Math.max(-4, px(e.at));
      const w = Math.max(1, Math.min(req.width + 4, px(e.end)) - x);
      this.rectList.push(x, y - h / 2, w, h, e.style, e.id);
      this.boxes.push({ x, y: y - h / 2, w, h, id: e.id });
      if (e.text && w > e.text.length * req.char_width + 12) {
        this.textList.push(x + 6, y, w - 12, e.style, this.words.push(e.text) - 1);
      }
    }
    let at = req.selected === null ? undefined : entries[req.selected];
    while (at) {
      const cause = entries[at.causes[0] ?? -1];
      const y1 = cause && middle.get(cause.lane);
      const y2 = middle.get(at.lane);
      if (cause && y1 !== undefined && y2 !== undefined) this.linkList.push(px(cause.at), y1, px(at.at), y2, 5);
      at = cause;
    }
    const span = req.to_us - req.from_us;
    const step = [1e3, 1e4, 1e5, 1e6, 2e6, 5e6, 1e7, 3e7, 6e7].find((s) => (s / span) * req.width > 70) ?? 6e8;
    for (let t = Math.ceil(req.from_us / step) * step; t <= req.to_us; t += step) {
      this.tickList.push({ x: px(t), label: `${+(t / 1e6).toFixed(3)} s`, wall: '' });
    }
  }

  rows = () => Float32Array.from(this.rowList.flatMap((r) => [r.lane, r.y, r.height, r.middle]));
  rects = () => Float32Array.from(this.rectList);
  areas = () => new Float32Array();
  marks = () => Float32Array.from(this.markList);
  texts = () => Float32Array.from(this.textList);
  strings = () => this.words;
  links = () => Float32Array.from(this.linkList);
  ticks = () => this.tickList;
  ghosts = () => new Float32Array();
  ghost_marks = () => new Float32Array();
  bands = () => new Float32Array();
  free() {}
}

export class Podscope implements C.Podscope {
  private text = '';
  private now = 0;
  private last: FakeDrawList | null = null;

  set_language(): void {}

  complete(): C.Completion[] {
    return [];
  }

  templates(): C.Template[] {
    return [{ title: 'Pod', text: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n' }];
  }

  hover(): C.Hover | undefined {
    return undefined;
  }

  set_text(text: string): void {
    if (text.includes('panic!')) throw new Error('unreachable');
    this.text = text;
  }
  advance = () => ({ done: true, at_us: until, until_us: until, entries: entries.length });
  info = () => ({
    version: '0.0.0-fake',
    kubernetes: '1.36',
    title: /^ {2}title: *(.+)$/m.exec(this.text)?.[1] ?? null,
    description:
      'A **made-up** run that exists to build the page: `preStop` sleeps, a liveness probe tips, the sidecar outlives.',
    until_us: until,
    seed: 0,
    start_unix: 1767225600,
  });
  diagnostics(): C.Diagnostic[] {
    const typo = /\b(perodSeconds|contaners)\b/.exec(this.text);
    if (!typo) return [];
    const from = typo.index;
    const to = from + typo[0].length;
    const right = typo[0] === 'contaners' ? 'containers' : 'periodSeconds';
    const lines = this.text.slice(0, from).split('\n');
    return [
      {
        severity: 'error',
        code: 'unknown-field',
        message: `unknown field "spec.${typo[0]}"`,
        path: `spec.${typo[0]}`,
        from,
        to,
        line: lines.length,
        column: (lines.at(-1)?.length ?? 0) + 1,
        fixes: [{ title: `Change to ${right}`, from, to, text: right }],
      },
    ];
  }
  lanes = () => lanes;
  layout(req: C.LayoutRequest): C.DrawList {
    this.last = new FakeDrawList(req);
    return this.last;
  }
  hit(x: number, y: number): number | undefined {
    return this.last?.boxes.findLast((b) => x >= b.x && x <= b.x + b.w && y >= b.y && y <= b.y + b.h)?.id;
  }
  entry(id: number): C.Why | undefined {
    const e = entries[id];
    if (!e) return undefined;
    const at = e.field ? this.text.indexOf(e.field) : -1;
    const end = this.text.indexOf('\n', at);
    const related = (ids: number[]) =>
      ids.map((i) => ({ id: i, at_us: entries[i]?.at ?? 0, text: entries[i]?.text ?? '' }));
    return {
      id,
      at_us: e.at,
      end_us: e.end,
      lane: e.lane,
      title: `${lanes[e.lane]?.label}: ${e.text || 'creating'}`,
      sentence:
        'Third liveness failure in a row: 46.0, 51.0, 56.0 s. The restart is immediate, because a probe kill compares with the end of the previous instance, and there is none.',
      rule: 'probe.failureThreshold',
      twin: 'pkg/kubelet/prober/worker.go',
      source_url: null,
      fields:
        at < 0
          ? []
          : [
              {
                path: e.field?.startsWith('at') ? 'spec.steps[1].at' : `spec.containers[0].${e.field}`,
                from: at,
                to: end,
                text: this.text.slice(at, end).split(': ').at(-1) ?? '',
              },
            ],
      causes: related(e.causes),
      effects: related(entries.filter((o) => o.causes.includes(id)).map((o) => o.id)),
    };
  }
  entries_for(offset: number): number[] {
    const line = this.text.slice(this.text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? '';
    return entries.filter((e) => e.field && line.includes(e.field)).map((e) => e.id);
  }
  step(at: number, d: number): number | undefined {
    return d > 0 ? entries.find((e) => e.at > at)?.at : entries.findLast((e) => e.at < at)?.at;
  }
  surprise(at: number, d: number): number | undefined {
    return d > 0 ? surprises.find((s) => s > at) : surprises.findLast((s) => s < at);
  }
  tick(target: number): C.TickResult {
    const index = (us: number) => entries.filter((e) => e.at <= us).length;
    const from = index(this.now);
    this.now = target;
    return { at_us: target, from_entry: from, to_entry: index(target), done: true };
  }
  objects = () => [
    { kind: 'Pod', namespace: 'default', name: 'web' },
    { kind: 'Service', namespace: 'default', name: 'web' },
  ];
  yaml = (kind: string, namespace: string, name: string) =>
    `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  terminationGracePeriodSeconds: 20\nstatus:\n  phase: ${this.now > 14e6 ? 'Running' : 'Pending'}\n`;
  describe = (kind: string, namespace: string, name: string) =>
    `Name:             ${name}\nNamespace:        ${namespace}\n${kind === 'Pod' ? 'Service Account:  default\n' : ''}`;
  services = (): C.ServiceRow[] => [
    {
      namespace: 'default',
      name: 'web',
      kind: 'ClusterIP',
      cluster_ip: '10.96.0.1',
      ports: '80/TCP',
      selector: 'app=web',
      endpoints: [
        { pod: 'web', address: '10.244.0.1', node: 'node1', ready: this.now > 22e6, serving: true, terminating: false },
      ],
    },
  ];
  look = (line: string): C.Looked => ({ output: `${line}\n`, exit: 0, changes: line.includes('delete') });
  event_count(until: number): number {
    return this.events(until).length;
  }
  watch(until: number): C.WatchTail {
    const rows: [number, string][] = [
      [0, 'web    0/2     Pending           0             0s'],
      [0.6, 'web    0/2     Init:0/2          0             0s'],
      [8.2, 'web    0/2     Init:1/2          0             8s'],
      [13, 'web    1/2     PodInitializing   0             13s'],
      [14.4, 'web    1/2     Running           0             14s'],
      [22.6, 'web    2/2     Running           0             22s'],
      [52, 'web    1/2     Running           0             52s'],
      [58.3, 'web    1/2     Running           1 (0s ago)    58s'],
      [66, 'web    2/2     Running           1 (8s ago)    66s'],
      [84, 'web    2/2     Terminating       1 (26s ago)   84s'],
    ];
    const text = `NAME   READY   STATUS            RESTARTS      AGE\n${rows
      .filter(([t]) => t * 1e6 <= until)
      .map(([, r]) => `${r}\n`)
      .join('')}`;
    return { text, earlier: 0 };
  }
  events = (until: number) =>
    [
      { at_us: 1e5, type: 'Normal', reason: 'Scheduled', message: 'Successfully assigned default/web to node1' },
      { at_us: 13e6, type: 'Normal', reason: 'Pulling', message: 'Pulling image "registry.example/web:7"' },
      {
        at_us: 46e6,
        type: 'Warning',
        reason: 'Unhealthy',
        message: 'Liveness probe failed: HTTP probe failed with statuscode: 503',
      },
      {
        at_us: 56e6,
        type: 'Normal',
        reason: 'Killing',
        message: 'Container web failed liveness probe, will be restarted',
      },
    ]
      .filter((e) => e.at_us <= until)
      .map((e) => ({ ...e, object: 'Pod/web', count: 1, age: `${Math.floor((until - e.at_us) / 1e6)}s` }));
  console = (until: number) =>
    until < 84e6
      ? []
      : [
          {
            at_us: 84e6,
            command: 'kubectl delete pod web',
            output: 'pod "web" deleted from default namespace\n',
            exit: null,
          },
        ];
  logs = () => 'ready to serve\nGET /healthz 200\n';
  table = (to = until) =>
    entries
      .filter((e) => e.at <= to)
      .map((e, id) => ({
        id,
        at_us: e.at,
        end_us: e.end,
        lane: lanes[e.lane]?.label ?? '',
        text: e.text || 'creating',
      }));
  chrome = () => '{"traceEvents":[]}';
  keep = () => false;
  let_go(): void {}
  pinned_text = () => undefined;
  differences = () => [];
  advance_bands = () => true;
  band = () => undefined;
  numbers = () => [];
  sweep = () => false;
  advance_sweep = (): C.SweepState => ({ done: true, total: 0, answer: 'none', points: [] });
  put_number = () => undefined;
  reality = (): C.Reality => ({ error: 'The stand-in cannot do this.', real: '', predicted: '', lines: [] });
  what_if = (): C.Edit => ({ from: 0, to: 0, text: '', error: 'The stand-in cannot do this.' });
  svg = () => '<svg xmlns="http://www.w3.org/2000/svg"/>';
  svg_auto = () => '<svg xmlns="http://www.w3.org/2000/svg"/>';
  markdown = () => '| At | What |\n| --- | --- |\n';
  encode_link = (text: string) =>
    `#s=1.${btoa(encodeURIComponent(text)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
  decode_link(fragment: string): C.Decoded {
    const params = new URLSearchParams(fragment.replace(/^#/, ''));
    try {
      const text = decodeURIComponent(atob((params.get('s') ?? '').slice(2).replaceAll('-', '+').replaceAll('_', '/')));
      const t = params.get('t');
      const sel = params.get('sel');
      return { text, ...(t ? { t_us: Number.parseFloat(t) * 1e6 } : {}), ...(sel ? { sel: Number(sel) } : {}) };
    } catch {
      return { error: 'This link is damaged: its end seems to be missing.' };
    }
  }
  free() {}
}
