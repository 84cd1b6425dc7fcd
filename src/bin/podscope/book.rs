//! `podscope mdbook`: a preprocessor of mdBook. It gets the book as JSON on standard input and gives it back with every
//! fenced block of language `podscope` as an element that holds its figure, so that the book works without JavaScript.

use podscope::manifest::Severity;
use podscope::view::json::Sources;
use serde_json::Value;

use super::Outcome;
use super::input;
use super::simulate::Scenario;

/// Whether a renderer can show figures: exit code 0 if so.
pub fn supports(renderer: &str) -> Outcome {
    Outcome {
        code: u8::from(renderer != "html"),
        ..Outcome::default()
    }
}

/// Reads the book, draws its figures, prints it.
///
/// # Errors
/// When the input is no book.
pub fn preprocess() -> Result<Outcome, String> {
    let (_, text) = input::read("-")?;
    let no_book = |why: &dyn std::fmt::Display| format!("podscope: this is no book of mdBook: {why}");
    let given: Value = serde_json::from_str(&text).map_err(|why| no_book(&why))?;
    let Value::Array(mut parts) = given else {
        return Err(no_book(&"a list of context and book is wanted"));
    };
    if parts.len() != 2 {
        return Err(no_book(&"a list of context and book is wanted"));
    }
    let mut book = parts.pop().unwrap_or_default();
    let mut said = Vec::new();
    chapters(&mut book, &mut said);
    Ok(Outcome {
        out: book.to_string(),
        err: said,
        code: 0,
    })
}

/// Draws the figures of every chapter below. Its depth is bounded by that of the JSON that was read.
fn chapters(value: &mut Value, said: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| chapters(item, said)),
        Value::Object(fields) => {
            let name = fields.get("name").and_then(Value::as_str).unwrap_or("?").to_owned();
            for (key, field) in fields.iter_mut() {
                match field {
                    Value::String(content) if key == "content" => *content = drawn(content, &name, said),
                    other => chapters(other, said),
                }
            }
        }
        _ => {}
    }
}

/// A chapter with its figures. What is wrong with a manifest is said with the chapter's name.
fn drawn(content: &str, chapter: &str, said: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(content.len());
    let mut lines = content.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let Some(fence) = Fence::opening(line) else {
            out.push_str(line);
            continue;
        };
        let mut body = String::new();
        let mut whole = line.to_owned();
        for line in lines.by_ref() {
            whole.push_str(line);
            if fence.closes(line) {
                break;
            }
            body.push_str(line);
        }
        if fence.figure {
            out.push_str(&figure(&body, chapter, said));
        } else {
            out.push_str(&whole);
        }
    }
    out
}

fn figure(text: &str, chapter: &str, said: &mut Vec<String>) -> String {
    let sources = Sources::new(vec![(chapter.to_owned(), text.to_owned())]);
    let run = Scenario::of(&sources).run(None, None);
    let bad = run.report.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    said.extend(bad.map(ToString::to_string));
    format!("\n{}\n", run.html(None, false))
}

/// The beginning of a fenced block.
struct Fence {
    letter: char,
    length: usize,
    figure: bool,
}

impl Fence {
    fn opening(line: &str) -> Option<Fence> {
        let inner = line.trim_start_matches(' ');
        let letter = inner.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let rest = inner.trim_start_matches(letter);
        let length = inner.len() - rest.len();
        if line.len() - inner.len() > 3 || length < 3 || (letter == '`' && rest.contains('`')) {
            return None;
        }
        let language = rest.trim().split([' ', ',', '{']).next().unwrap_or_default();
        Some(Fence {
            letter,
            length,
            figure: language == "podscope",
        })
    }

    fn closes(&self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.length && line.chars().all(|c| c == self.letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n\nspec:\n  containers:\n  - {name: a, image: nginx}\n";

    #[test]
    fn only_our_fences_are_drawn() {
        let mut said = Vec::new();
        let chapter = format!("# A\n\n```podscope\n{POD}```\n\n~~~~yaml\n```podscope\n{POD}```\n~~~~\ntail");
        let out = drawn(&chapter, "A", &mut said);
        assert_eq!(out.matches("<pod-scope ").count(), 1);
        assert!(out.contains("~~~~yaml\n```podscope\n") && out.ends_with("~~~~\ntail"));
        let block = out.split("<pod-scope").nth(1).unwrap_or_default();
        let block = block.split("</pod-scope>").next().unwrap_or_default();
        assert!(!block.contains("\n\n"), "an empty line would end the block of HTML");
        assert!(said.is_empty(), "{said:?}");
    }

    #[test]
    fn mistakes_are_said_with_their_chapter() {
        let mut said = Vec::new();
        drawn("```podscope\nkind: Pod\nspec: [}\n", "Chapter 1", &mut said);
        assert!(said.iter().any(|line| line.starts_with("Chapter 1:")), "{said:?}");
    }

    #[test]
    fn chapters_inside_chapters_are_found() {
        let content = format!("```podscope\n{POD}```\n");
        let mut book = serde_json::json!({"items": [{"Chapter": {"name": "A", "content": "x", "sub_items":
            [{"Chapter": {"name": "B", "content": content}}]}}, "Separator"]});
        chapters(&mut book, &mut Vec::new());
        assert_eq!(book.to_string().matches("<pod-scope ").count(), 1);
    }
}
