// The element's own words. Those of the timeline are the core's.

export interface ElementWords {
  tag: string;
  play: string;
  pause: string;
  next: string;
  previous: string;
  edit: string;
  done: string;
  table: string;
  timeline: string;
  open: string;
  start: string;
  untitled: string;
  playhead: string;
  picture: string;
  manifest: string;
  columns: [string, string, string, string];
  noCore: (why: string) => string;
  crash: (why: string) => string;
  noText: string;
}

const en: ElementWords = {
  tag: 'en',
  play: 'Play',
  pause: 'Pause',
  next: 'Next entry',
  previous: 'Previous entry',
  edit: 'Edit',
  done: 'Close the editor',
  table: 'Table',
  timeline: 'Timeline',
  open: 'Open in playground',
  start: 'Show the timeline',
  untitled: 'Life of a Pod',
  playhead: 'Playhead',
  picture: 'Timeline. The button “Table” shows the same in words.',
  manifest: 'Manifest, YAML',
  columns: ['At', 'For', 'Lane', 'What'],
  noCore: (why) => `The simulation could not be loaded: ${why}`,
  crash: (why) => `The simulation stopped at this text: ${why}`,
  noText: 'There is no manifest here.',
};

const zh: ElementWords = {
  tag: 'zh-CN',
  play: '播放',
  pause: '暂停',
  next: '下一条',
  previous: '上一条',
  edit: '编辑',
  done: '关闭编辑器',
  table: '表格',
  timeline: '时间线',
  open: '在 Podscope 中打开',
  start: '显示时间线',
  untitled: 'Pod 的一生',
  playhead: '播放头',
  picture: '时间线。按“表格”按钮可用文字查看相同内容。',
  manifest: '清单（YAML）',
  columns: ['时刻', '时长', '泳道', '内容'],
  noCore: (why) => `无法加载模拟：${why}`,
  crash: (why) => `模拟在此文本上停止：${why}`,
  noText: '这里没有清单。',
};

/** The words for the first tag that is spoken here. */
export function elementWords(...tags: (string | null | undefined)[]): ElementWords {
  for (const tag of tags) {
    const main = tag?.toLowerCase().split(/[-_]/)[0];
    if (main === 'zh') return zh;
    if (main === 'en') return en;
  }
  return en;
}
