//! The element `<pod-scope>` as it is written into a page: the text in an attribute, the figure inside. Without
//! JavaScript, and until the script has come, the page shows the figure.

use super::link;

/// The element for a text with its figure, as one block of HTML without an empty line, so that it may stand in Markdown.
pub fn element(text: &str, svg: &str) -> String {
    // The payload is base64url, so it needs no escaping.
    let link = link::encode(text);
    let payload = link.trim_start_matches("#s=");
    let figure = svg.replacen("<svg ", "<svg slot=\"poster\" ", 1);
    format!(
        "<pod-scope scenario=\"{payload}\">\n{}\n</pod-scope>\n",
        figure.trim_end()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_block() {
        let block = element(
            "a: 1\n\nb: \"<x>\"\n",
            "<svg class=\"podscope\">\n<title>t</title>\n</svg>\n",
        );
        assert!(block.starts_with("<pod-scope scenario=\"1."), "{block}");
        assert!(block.contains("<svg slot=\"poster\" class"));
        assert!(!block.contains("\n\n"));
        let payload = block.split('"').nth(1).unwrap_or_default();
        let decoded = link::decode(&format!("#s={payload}")).map(|d| d.text);
        assert_eq!(decoded.as_deref(), Ok("a: 1\n\nb: \"<x>\"\n"));
    }
}
