//! Diagnostics as SARIF and claims as JUnit, for the tools that read those.

use serde_json::json;

use super::place::Placed;
use super::report::ExpectResult;
use crate::manifest::Severity;
use crate::sort;

/// Diagnostics as one SARIF 2.1.0 log. Its columns count in UTF-16 units by default, as ours do.
pub fn sarif(diagnostics: &[Placed]) -> String {
    let mut rules: Vec<&str> = diagnostics.iter().map(|d| d.code).collect();
    sort::sort(&mut rules);
    rules.dedup();
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let results: Vec<_> = diagnostics
        .iter()
        .map(|d| {
            json!({
                "ruleId": d.code,
                "level": level(d.severity),
                "message": {"text": d.message},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": d.file},
                    "region": {
                        "startLine": d.line,
                        "startColumn": d.column,
                        "endLine": d.end_line,
                        "endColumn": d.end_column,
                    },
                }}],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "podscope",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|id| json!({"id": id})).collect::<Vec<_>>(),
            }},
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
    .to_string()
}

/// Claims as one JUnit suite, named after the files they stand in.
pub fn junit(suite: &str, results: &[ExpectResult]) -> String {
    let failures = results.iter().filter(|r| !r.ok).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let suite = xml(suite);
    out.push_str(&format!(
        "<testsuites tests=\"{}\" failures=\"{failures}\">\n",
        results.len()
    ));
    out.push_str(&format!(
        "  <testsuite name=\"{suite}\" tests=\"{}\" failures=\"{failures}\">\n",
        results.len()
    ));
    for result in results {
        let name = xml(&result.text);
        if result.ok {
            out.push_str(&format!("    <testcase classname=\"{suite}\" name=\"{name}\"/>\n"));
        } else {
            let why = xml(&result.why);
            out.push_str(&format!("    <testcase classname=\"{suite}\" name=\"{name}\">\n"));
            out.push_str(&format!("      <failure message=\"{why}\"/>\n    </testcase>\n"));
        }
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

/// Text for an attribute. Characters that XML cannot hold are replaced.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
