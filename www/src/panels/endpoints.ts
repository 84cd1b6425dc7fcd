// Services at the present and the Pods behind them: who takes new connections, who only finishes, who is left out.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import type { EndpointRow } from '../core/contract.ts';
import { words } from '../words/words.ts';

export function endpointsCount(): number {
  return model.ask((core) => core.services(), []).reduce((n, s) => n + s.endpoints.filter((e) => e.ready).length, 0);
}

/** What the conditions of an endpoint mean for its traffic. */
function meaning(e: EndpointRow): string {
  if (e.ready) return words.endpoints.ready;
  if (e.terminating) return e.serving ? words.endpoints.draining : words.endpoints.leaving;
  return words.endpoints.unready;
}

export function endpointsPanel() {
  const services = model.ask((core) => core.services(), []);
  if (services.length === 0) return html`<p class="quiet">${words.endpoints.none}</p>`;
  const bool = (value: boolean) => (value ? 'true' : 'false');
  return html`${services.map(
    (s) => html`<section class="service">
      <h3>${s.namespace === 'default' ? '' : `${s.namespace}/`}${s.name} <span class="at">${s.kind} · ${s.cluster_ip} · ${s.ports}${s.selector === '<none>' ? nothing : html` · ${s.selector}`}</span></h3>
      ${
        s.endpoints.length === 0
          ? html`<p class="quiet">${words.endpoints.empty}</p>`
          : html`<table class="rows">
        <thead><tr><th scope="col">${words.endpoints.pod}</th><th scope="col">${words.endpoints.address}</th><th scope="col">${words.endpoints.node}</th><th scope="col">ready</th><th scope="col">serving</th><th scope="col">terminating</th><th scope="col">${words.endpoints.traffic}</th></tr></thead>
        <tbody>${s.endpoints.map(
          (e) => html`<tr class=${e.ready ? '' : 'warning'}>
            <td>${e.pod}</td><td class="tight">${e.address}</td><td>${e.node}</td><td>${bool(e.ready)}</td><td>${bool(e.serving)}</td><td>${bool(e.terminating)}</td><td>${meaning(e)}</td>
          </tr>`,
        )}</tbody>
      </table>`
      }
    </section>`,
  )}`;
}
