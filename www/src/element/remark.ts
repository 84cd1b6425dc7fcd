// `podscope/remark`: a plugin of remark. Fenced blocks of language `podscope` become `<pod-scope>` with the text inside,
// which without JavaScript is shown as it is.

interface Node {
  type: string;
  lang?: string | null;
  meta?: string | null;
  value?: string;
  children?: Node[];
  data?: Record<string, unknown>;
}

/** Attributes that may be set after the language: ```` ```podscope view=table at=30s ````. */
const ALLOWED = new Set([
  'view',
  'loading',
  'at',
  'play',
  'speed',
  'select',
  'seed',
  'theme',
  'locale',
  'readonly',
  'controls',
  'height',
]);

function attributes(meta: string | null | undefined): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [, name, quoted, plain] of (meta ?? '').matchAll(/([a-z]+)(?:=(?:"([^"]*)"|(\S+)))?/g))
    if (name && ALLOWED.has(name)) out[name] = quoted ?? plain ?? '';
  return out;
}

function change(node: Node): void {
  if (node.type === 'code' && node.lang === 'podscope') {
    const value = node.value ?? '';
    node.data = {
      ...node.data,
      hName: 'pod-scope',
      hProperties: attributes(node.meta),
      hChildren: [
        {
          type: 'element',
          tagName: 'pre',
          properties: {},
          children: [{ type: 'text', value: value.endsWith('\n') ? value : `${value}\n` }],
        },
      ],
    };
  }
  for (const child of node.children ?? []) change(child);
}

/** `unified().use(remarkPodscope)` */
export default function remarkPodscope(): (tree: Node) => void {
  return change;
}
