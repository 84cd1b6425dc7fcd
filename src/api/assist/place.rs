//! Where in a document the cursor is, and what the schema has there.

use crate::api::load::Loaded;
use crate::api::schema::{Field, Shape, Type, schema};
use crate::manifest::{FieldPath, Node, Step};

/// The object in which a line stands, found by its indentation: the document, and the path to the object.
pub(super) fn place(loaded: &Loaded, head: &str, line_start: usize, word_start: usize) -> Option<(usize, Vec<Step>)> {
    let line = head.get(line_start..).unwrap_or("");
    let mut column = (line.len() - line.trim_start_matches([' ', '-']).len()).min(word_start - line_start);
    let documents = loaded.documents.iter().enumerate();
    let (document, found) = documents
        .rev()
        .find(|(_, d)| (d.range.start as usize) <= line_start.max(1))?;
    let between = head.get(found.range.end as usize..).unwrap_or("");
    if between.contains("\n---") {
        return None;
    }
    let mut steps: Vec<Step> = Vec::new();
    // A dash on the line itself begins an item of the list above.
    let mut item = line
        .trim_start()
        .starts_with('-')
        .then_some(line.len() - line.trim_start().len());
    for row in head.get(..line_start)?.lines().rev() {
        let bare = row.trim_start();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if bare.starts_with("---") {
            break;
        }
        let dash = bare.starts_with('-').then_some(row.len() - bare.len());
        let key_column = row.len() - bare.trim_start_matches(['-', ' ']).len();
        let key = bare
            .trim_start_matches(['-', ' '])
            .split(':')
            .next()
            .unwrap_or("")
            .trim();
        if let Some(dash_column) = item {
            // The list's key stands no deeper than its dashes.
            if key_column <= dash_column && dash.is_none() {
                steps.push(Step::Index(0));
                steps.push(Step::Key(key.to_owned()));
                (column, item) = (key_column, None);
            } else if key_column < dash_column {
                steps.push(Step::Index(0));
                steps.push(Step::Key(key.to_owned()));
                (column, item) = (key_column, dash);
            }
        } else if key_column < column {
            steps.push(Step::Key(key.to_owned()));
            (column, item) = (key_column, dash);
        } else if key_column == column && dash.is_some() {
            item = dash;
        }
        if column == 0 && item.is_none() {
            break;
        }
    }
    steps.reverse();
    Some((document, steps))
}

pub(super) fn node_at<'n>(root: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    root.at(&FieldPath(steps.to_vec()).to_string())
}

/// The type of the object at a path of its document.
pub(super) fn type_at(root: &Node, steps: &[Step]) -> Option<&'static Type> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or("");
    let name = schema().kind(text("apiVersion"), text("kind"))??;
    let mut ty = schema().get(name)?;
    let mut free = 0;
    for step in steps {
        let Step::Key(key) = step else { continue };
        if free > 0 {
            free -= 1;
            continue;
        }
        let field = ty.field(key)?;
        ty = schema().get(field.shape.object()?)?;
        free = usize::from(matches!(field.shape, Shape::Map(_)));
    }
    Some(ty)
}

pub(super) fn field_at(root: &Node, steps: &[Step]) -> Option<&'static Field> {
    let (Step::Key(name), outer) = steps.split_last()? else {
        return None;
    };
    type_at(root, outer)?.field(name)
}
