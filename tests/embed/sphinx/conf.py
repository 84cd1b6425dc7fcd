"""A figure in Sphinx: the script, and a lexer so that Sphinx knows the language of the blocks."""

from pygments.lexers.data import YamlLexer

project = "A figure in Sphinx"
html_theme = "alabaster"
html_js_files = [("/podscope/fences.js", {"type": "module"})]


def setup(app):
    app.add_lexer("podscope", YamlLexer)
