//! From the words of a command, expanded, to what it asks for.

use super::ast::{Node, Script, Word};
use super::expand::{Expander, Trouble};
use super::redirect;

/// What the expanded words of a command come to.
pub enum Prepared {
    /// A simple command.
    Command {
        /// Its words.
        argv: Vec<String>,
        /// Assignments before it.
        assigns: Vec<(String, String)>,
        /// Redirections.
        redirs: Vec<(Option<u32>, redirect::Wanted)>,
    },
    /// The words of `for`.
    Values(Vec<String>),
    /// The arm of `case`.
    Body(Option<Script>),
    /// Whether an arithmetic expression is not 0.
    Number(bool),
    /// Redirections of a compound command.
    Redirs(Vec<(Option<u32>, redirect::Wanted)>),
}

impl Expander<'_, '_> {
    /// Assignments without a command: they last.
    pub(super) fn assign(&mut self, node: &Node) -> Result<Prepared, Trouble> {
        let Node::Simple { assigns, redirs, .. } = node else {
            return Ok(Prepared::Number(true));
        };
        let mut done = Vec::new();
        for (name, word, append) in assigns {
            let mut text = self.text(word)?;
            if *append {
                text.insert_str(0, self.sh.var(name).unwrap_or_default());
            }
            if !self.sh.set(name, &text) {
                return Err(Trouble::Fail(
                    self.sh.dialect.readonly(name),
                    if self.sh.dialect == super::dialect::Dialect::Bash {
                        1
                    } else {
                        2
                    },
                ));
            }
            done.push((name.clone(), text));
        }
        let redirs = self.redirs(redirs)?;
        Ok(Prepared::Command {
            argv: Vec::new(),
            assigns: done,
            redirs,
        })
    }

    pub(super) fn command_line(&mut self, node: &Node) -> Result<Prepared, Trouble> {
        let Node::Simple {
            assigns, words, redirs, ..
        } = node
        else {
            return Ok(Prepared::Number(true));
        };
        let first = words.first().map(super::word::literal).unwrap_or_default();
        let argv = match first.as_str() {
            // Its words are not split, and patterns are for matching, not for files.
            "[[" => {
                let mut argv = Vec::new();
                let mut before = String::new();
                for word in words {
                    let text = match before.as_str() {
                        "=" | "==" | "!=" => self.pattern(word)?,
                        _ => self.text(word)?,
                    };
                    before.clone_from(&text);
                    argv.push(text);
                }
                argv
            }
            "export" | "readonly" | "local" | "declare" | "typeset" => {
                let mut argv = Vec::new();
                for word in words {
                    match super::word::assignment(word.clone()) {
                        Ok((name, value, _)) => argv.push(format!("{name}={}", self.text(&value)?)),
                        Err(word) => argv.extend(self.words(&[word])?),
                    }
                }
                argv
            }
            _ => self.words(words)?,
        };
        let mut done = Vec::new();
        for (name, word, append) in assigns {
            let mut text = self.text(word)?;
            if *append {
                text.insert_str(0, self.sh.var(name).unwrap_or_default());
            }
            done.push((name.clone(), text));
        }
        let redirs = self.redirs(redirs)?;
        if argv.is_empty() {
            // The words came to nothing: the assignments last.
            for (name, text) in &done {
                self.sh.set(name, text);
            }
        }
        Ok(Prepared::Command {
            argv,
            assigns: done,
            redirs,
        })
    }

    pub(super) fn case(&mut self, word: &Word, arms: &[(Vec<Word>, Script)]) -> Result<Prepared, Trouble> {
        let text = self.text(word)?;
        for (patterns, body) in arms {
            for pattern in patterns {
                let pattern = self.pattern(pattern)?;
                if super::super::glob::matches(&pattern, &text) {
                    return Ok(Prepared::Body(Some(body.clone())));
                }
            }
        }
        Ok(Prepared::Body(None))
    }
}
