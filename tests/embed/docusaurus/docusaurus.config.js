// A figure in Docusaurus: one script, which follows the client-side navigation by itself.
module.exports = {
  title: 'A figure in Docusaurus',
  url: 'https://example.org',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  scripts: [{ src: '/podscope/fences.js', type: 'module' }],
  presets: [['classic', { docs: { routeBasePath: '/', sidebarPath: undefined }, blog: false, theme: {} }]],
};
