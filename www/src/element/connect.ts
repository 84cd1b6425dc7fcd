// The page's end of a frame: listens to `embed.html` in an iframe, gives the iframe the height it needs, sends commands.

import type { FrameCommand, FrameHandle, FrameReport } from './api.ts';
import { pack, readReport } from './messages.ts';

/** Follows a frame. Reports are handed over as they come; the iframe grows with what it shows. */
export function connectFrame(frame: HTMLIFrameElement, hear?: (report: FrameReport) => void): FrameHandle {
  const send = (command: FrameCommand): void => {
    // The frame's address is the page's own choice, so its origin is the one to speak to.
    const origin = new URL(frame.src, location.href).origin;
    frame.contentWindow?.postMessage(pack(command), origin === 'null' ? '*' : origin);
  };
  const listen = (event: MessageEvent): void => {
    if (event.source === null || event.source !== frame.contentWindow) return;
    const report = readReport(event.data);
    if (!report) return;
    if (report.type === 'height') frame.style.height = `${Math.ceil(Math.min(report.height, 10_000))}px`;
    hear?.(report);
  };
  addEventListener('message', listen);
  const greet = (): void => send({ type: 'ping' });
  frame.addEventListener('load', greet);
  greet();
  return {
    send,
    close() {
      removeEventListener('message', listen);
      frame.removeEventListener('load', greet);
    },
  };
}
