// The editor: CodeMirror with SPARQL, completion from the release's schema, and a problem written under its line. It
// lives in a shadow root: there CodeMirror adopts its style sheets, which the page's security policy allows, instead of
// writing style elements, which it does not.
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { sparql } from "codemirror-lang-sparql";
import { missingPrefix, options, type Schema, variables } from "./complete";
import { place, type Problem, said } from "./problem";

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--field)", border: "1px solid var(--edge-of-field)", borderRadius: "var(--radius)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "2px solid var(--link)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", maxHeight: "min(70vh, 44rem)", minHeight: "14rem", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection": { backgroundColor: "var(--highlight)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--highlight)", outline: "none" },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--warning)" },
  ".cm-selectionMatch": { backgroundColor: "var(--raised)" },
  ".cm-searchMatch": { backgroundColor: "var(--highlight)" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)", borderColor: "var(--rule)" },
  ".cm-textfield": { backgroundColor: "var(--field)", border: "1px solid var(--edge-of-field)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--paper)", border: "1px solid var(--ink)", color: "var(--ink)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--raised)", color: "var(--ink)", borderColor: "var(--rule)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--ink)", borderRadius: "var(--radius)", maxWidth: "min(92vw, 44rem)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxWidth: "min(92vw, 44rem)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--ink)", color: "var(--paper)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", color: "inherit", opacity: "0.85" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-problem": { textDecoration: "underline wavy var(--warning)", textUnderlineOffset: "0.25em" },
  ".cm-problem-said": { fontFamily: "var(--sans)", color: "var(--warning)", borderLeft: "3px solid var(--warning)", padding: "0.25rem 0.75rem", margin: "0.25rem 0", whiteSpace: "pre-wrap" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier], color: "var(--treaty)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--mandate)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--in-text-green)" },
  { tag: [tags.number, tags.bool, tags.literal], color: "var(--in-text-green)" },
  { tag: [tags.url, tags.namespace, tags.typeName, tags.propertyName], color: "var(--link)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--quiet)", fontStyle: "italic" },
]);

class Said extends WidgetType {
  constructor(readonly text: string) {
    super();
  }

  override eq(other: Said): boolean {
    return other.text === this.text;
  }

  override toDOM(): HTMLElement {
    const box = document.createElement("div");
    box.className = "cm-problem-said";
    box.textContent = this.text;
    return box;
  }
}

const show = StateEffect.define<Problem | null>();

const problems = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = transaction.docChanged ? Decoration.none : value;
    for (const effect of transaction.effects) {
      if (!effect.is(show)) continue;
      next = Decoration.none;
      if (!effect.value) continue;
      const doc = transaction.state.doc;
      const at = place(effect.value, doc.toString());
      if (!at) continue;
      const end = doc.lineAt(Math.min(at.from, doc.length)).to;
      const under = Decoration.widget({ widget: new Said(said(effect.value)), block: true, side: 1 }).range(end);
      const marked = at.to > at.from ? [Decoration.mark({ class: "cm-problem" }).range(at.from, Math.min(at.to, doc.length))] : [];
      next = Decoration.set([...marked, under], true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export interface Editor {
  text(): string;
  set(text: string): void;
  problem(found: Problem | null): void;
  focus(): void;
}

export interface Around {
  readonly label: string;
  readonly lang: string;
  schema(): Promise<Schema | null>;
  run(): void;
  changed(text: string): void;
}

function source(around: Around) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const doc = context.state.doc.toString();
    const line = context.state.doc.lineAt(context.pos);
    const head = line.text.slice(0, context.pos - line.from);
    if (/#[^<>]*$/.test(head.replace(/<[^>]*>/g, "")) || /<[^>\s]*$/.test(head) || (head.match(/"/g)?.length ?? 0) % 2) return null;
    const word = context.matchBefore(/[?$]\w*|[\p{L}][\p{L}\w-]*:?[\w-]*/u);
    if (!word && !context.explicit) return null;
    const typed = word?.text ?? "";
    const from = word?.from ?? context.pos;
    if (/^[?$]/.test(typed)) {
      const names = variables(doc, typed.slice(1)).map((name) => ({ label: `${typed[0]}${name}`, type: "variable" }));
      return names.length ? { from, options: names, validFor: /^[?$]\w*$/ } : null;
    }
    if (typed.length < 2 && !typed.includes(":") && !context.explicit) return null;
    const schema = await around.schema();
    if (!schema || context.aborted) return null;
    const found = options(schema, doc.slice(0, from), typed, around.lang);
    if (!found.length) return null;
    const made = found.map((one, at): Completion => ({
      label: one.label, type: one.type, boost: 99 - at, ...(one.detail ? { detail: one.detail } : {}),
      apply: (view, _, start, end) => {
        const insert = one.apply ?? one.label;
        const prologue = one.type === "keyword" || one.apply ? "" : missingPrefix(schema, doc, one.label);
        view.dispatch({
          changes: [...(prologue ? [{ from: 0, insert: prologue }] : []), { from: start, to: end, insert }],
          selection: { anchor: prologue.length + start + insert.length },
          userEvent: "input.complete",
        });
      },
    }));
    return { from, options: made, filter: false };
  };
}

/**
 * Text typed over a selection goes straight to the editor: left to the browser, it keeps the look of what it replaces in
 * a style attribute, which the page's security policy refuses with an error on the console.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const text = event.data;
    if (event.inputType !== "insertText" || text === null || empty || view.composing || !event.cancelable) return false;
    event.preventDefault();
    const insert = () => view.state.update({ ...view.state.replaceSelection(text), userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
    return true;
  },
});

/** Put an editor in the place of a text area, which keeps its text for the form. */
export function edit(area: HTMLTextAreaElement, around: Around): Editor {
  const host = document.createElement("div");
  host.className = "editor";
  const root = host.attachShadow({ mode: "open" });
  area.after(host);
  const run = Prec.highest(keymap.of([{ key: "Mod-Enter", preventDefault: true, run: () => (around.run(), true) }]));
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        run, typedOver, basicSetup, sparql(), syntaxHighlighting(colours), theme, problems, EditorView.lineWrapping,
        autocompletion({ override: [source(around)], icons: false }),
        EditorView.contentAttributes.of({ "aria-label": around.label, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          around.changed(area.value);
        }),
      ],
    }),
  });
  area.hidden = true;
  return {
    text: () => view.state.doc.toString(),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    problem: (found) => {
      const at = found && place(found, view.state.doc.toString());
      view.dispatch({ effects: [show.of(found), ...(at ? [EditorView.scrollIntoView(at.from)] : [])], ...(at ? { selection: { anchor: at.from } } : {}) });
    },
    focus: () => view.focus(),
  };
}
