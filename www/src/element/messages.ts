// The words that a page and the frame `embed.html` exchange: `{ podscope: { v: 1, type, … } }`. What is not known here
// is ignored, so that either side may learn more.

import type { FrameCommand, FrameReport } from './api.ts';

export const VERSION = 1;

export function pack(message: FrameCommand | FrameReport): { podscope: Record<string, unknown> } {
  return { podscope: { v: VERSION, ...message } };
}

function body(data: unknown): Record<string, unknown> | null {
  if (typeof data !== 'object' || data === null || !('podscope' in data)) return null;
  const inner = (data as { podscope: unknown }).podscope;
  if (typeof inner !== 'object' || inner === null) return null;
  const fields = inner as Record<string, unknown>;
  return fields['v'] === VERSION && typeof fields['type'] === 'string' ? fields : null;
}

/** A command, if that is what was received. */
export function readCommand(data: unknown): FrameCommand | null {
  const at = body(data);
  if (!at) return null;
  switch (at['type']) {
    case 'ping':
      return typeof at['id'] === 'string' ? { type: 'ping', id: at['id'] } : { type: 'ping' };
    case 'seek':
      return Number.isFinite(at['time']) ? { type: 'seek', time: at['time'] as number } : null;
    case 'select':
      if (at['entry'] === null) return { type: 'select', entry: null };
      return Number.isInteger(at['entry']) ? { type: 'select', entry: at['entry'] as number } : null;
    case 'source':
      return typeof at['text'] === 'string' ? { type: 'source', text: at['text'] } : null;
    case 'theme': {
      const theme = at['theme'];
      return theme === 'auto' || theme === 'light' || theme === 'dark' ? { type: 'theme', theme } : null;
    }
    case 'play':
      return { type: 'play' };
    case 'pause':
      return { type: 'pause' };
    default:
      return null;
  }
}

const reports = new Set(['pong', 'ready', 'height', 'seek', 'select', 'change', 'error']);

/** A report of the frame, if that is what was received. */
export function readReport(data: unknown): FrameReport | null {
  const at = body(data);
  if (!at || !reports.has(at['type'] as string)) return null;
  if (at['type'] === 'height' && !Number.isFinite(at['height'])) return null;
  const { v: _, ...report } = at;
  return report as unknown as FrameReport;
}
