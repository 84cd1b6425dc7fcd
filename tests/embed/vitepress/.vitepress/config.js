// A figure in VitePress: one script. Shiki knows no language `podscope`, so the block borrows YAML's colours.
export default {
  title: 'A figure in VitePress',
  head: [['script', { type: 'module', src: '/podscope/fences.js' }]],
  markdown: { languageAlias: { podscope: 'yaml' } },
};
