// How the editor looks: the page's own colours, the same measures as the plain textarea.

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', scrollbarWidth: 'thin' },
  '.cm-content': { padding: '10px 0 24px', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '1.5px' },
  '.cm-gutters': {
    backgroundColor: 'var(--bg)',
    color: 'var(--ink-3)',
    border: 'none',
    width: '44px',
    justifyContent: 'flex-end',
  },
  '.cm-lineNumbers .cm-gutterElement': {
    padding: '0',
    minWidth: '20px',
    fontVariantNumeric: 'tabular-nums',
  },
  '.cm-foldGutter': { width: '10px' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0', textAlign: 'center', opacity: '0' },
  '.cm-gutters:hover .cm-foldGutter .cm-gutterElement': { opacity: '1' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--bg-3) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--ink)', opacity: '1' },
  '& .cm-selectionLayer .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    {
      backgroundColor: 'color-mix(in srgb, var(--accent) 22%, transparent)',
    },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--accent) 12%, transparent)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--bg-3)', outline: 'none' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--bg-3)', border: 'none', color: 'var(--ink-3)', padding: '0 6px' },
  '.ps-field-line': { backgroundColor: 'var(--accent-soft)', boxShadow: 'inset 2px 0 var(--accent)' },
  '&.cm-focused .cm-activeLine.ps-field-line': { backgroundColor: 'var(--accent-soft)' },
  '.ps-field': { borderRadius: '3px', backgroundColor: 'color-mix(in srgb, var(--accent) 16%, transparent)' },
  '.ps-number, .ps-number span': { color: 'var(--code-number)' },
  '.ps-number': {
    cursor: 'ew-resize',
    borderBottom: '1px dotted color-mix(in srgb, var(--code-number) 75%, transparent)',
  },
  '.cm-lintRange': {
    backgroundImage: 'none',
    textDecorationLine: 'underline',
    textDecorationStyle: 'wavy',
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintRange-error': { textDecorationColor: 'var(--error)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warning)' },
  '.cm-lintRange-info': {
    textDecorationColor: 'color-mix(in srgb, var(--accent) 60%, transparent)',
    textDecorationStyle: 'dotted',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '7px',
    backgroundColor: 'var(--bg)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
    maxWidth: '420px',
    fontFamily: 'var(--sans)',
  },
  '.cm-diagnostic': { padding: '7px 11px', borderLeft: 'none', lineHeight: '1.45', whiteSpace: 'normal' },
  '.cm-diagnosticSource': { color: 'var(--ink-3)', fontSize: '11px', opacity: '1' },
  '.cm-diagnosticAction': {
    font: 'inherit',
    fontWeight: '550',
    color: 'var(--accent)',
    backgroundColor: 'transparent',
    padding: '0',
    marginLeft: '0',
    marginRight: '10px',
  },
  '.cm-placeholder': { color: 'var(--ink-3)', fontFamily: 'var(--sans)', whiteSpace: 'pre-wrap' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '15em' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 9px', lineHeight: '1.5' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal', fontFamily: 'var(--sans)', fontSize: '11.5px' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.ps-hover': { padding: '8px 11px', lineHeight: '1.45', fontSize: '12.5px' },
  '.ps-hover code': { fontFamily: 'var(--mono)', fontSize: '12px' },
  '.ps-hover p': { margin: '0 0 4px' },
  '.ps-hover p:last-child': { margin: '0', color: 'var(--ink-2)' },
  '.cm-panels': { backgroundColor: 'var(--bg-2)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-textfield, .cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--bg)',
    border: '1px solid var(--line)',
    borderRadius: '5px',
    color: 'var(--ink)',
  },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--s-creating) 40%, transparent)' },
});

const syntax = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number], color: 'var(--code-number)' },
  { tag: [tags.bool, tags.null, tags.keyword], color: 'var(--code-bool)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.meta, tags.typeName, tags.labelName], color: 'var(--code-bool)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--ink-3)' },
]);

export const look = [theme, syntaxHighlighting(syntax)];
