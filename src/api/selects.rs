//! Twin: staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go (v1.36.2)
//! Twin: staging/src/k8s.io/apimachinery/pkg/labels/selector.go (v1.36.2)
//! Covers: label selectors, and the required and preferred node affinity of a Pod. spec/12 §2, §3.
//! Left out: nothing of these.

use super::objects::Node;
use super::pod::PodSpec;
use crate::manifest::Value;
use crate::map::Map;

/// Whether labels fit a label selector. No selector fits nothing, an empty one everything.
pub fn selector_fits(selector: Option<&Value>, labels: &Map<String, String>) -> bool {
    let Some(selector) = selector else { return false };
    // One after the other: labels are few, and two of different lengths need not be compared.
    let found = |key: &str| labels.iter().find(|(k, _)| *k == key).map(|(_, value)| value.as_str());
    let equal = |(key, value): &(String, Value)| found(key) == value.as_str();
    list(selector, "matchLabels").iter().all(equal) && expressions_fit(selector, "matchExpressions", labels)
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [(String, Value)] {
    of.get(key).map(Value::members).unwrap_or_default()
}

/// The items of a list below a path.
pub fn items<'a>(of: &'a Value, path: &[&str]) -> &'a [Value] {
    of.at(path).map(Value::items).unwrap_or_default()
}

/// The text of a member, empty without one.
pub fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn expressions_fit(of: &Value, key: &str, labels: &Map<String, String>) -> bool {
    items(of, &[key]).iter().all(|expression| {
        let found = labels.get(text(expression, "key")).map(String::as_str);
        let values = items(expression, &["values"]);
        let among = found.is_some_and(|found| values.iter().any(|v| v.as_str() == Some(found)));
        let number = |text: Option<&str>| text.and_then(|t| t.parse::<i64>().ok());
        let (ours, theirs) = (number(found), number(values.first().and_then(Value::as_str)));
        match text(expression, "operator") {
            "In" => among,
            "NotIn" => !among,
            "Exists" => found.is_some(),
            "DoesNotExist" => found.is_none(),
            "Gt" => ours.zip(theirs).is_some_and(|(ours, theirs)| ours > theirs),
            "Lt" => ours.zip(theirs).is_some_and(|(ours, theirs)| ours < theirs),
            _ => false,
        }
    })
}

/// Whether a term of a node affinity fits. An empty one fits nothing.
fn term_fits(term: &Value, node: &Node) -> bool {
    let name: Map<String, String> = [("metadata.name".to_owned(), node.metadata.name.to_string())]
        .into_iter()
        .collect();
    let empty = items(term, &["matchExpressions"]).is_empty() && items(term, &["matchFields"]).is_empty();
    !empty
        && expressions_fit(term, "matchExpressions", &node.metadata.labels)
        && expressions_fit(term, "matchFields", &name)
}

/// Whether a node has the labels of a Pod's `nodeSelector` and fits its required node affinity.
pub fn node_fits(spec: &PodSpec, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    let required = spec.affinity.as_ref().and_then(|affinity| {
        let path = ["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        affinity.at(&path)
    });
    spec.node_selector.iter().all(|(k, v)| labels.get(k) == Some(v))
        && required.is_none_or(|required| {
            let terms = items(required, &["nodeSelectorTerms"]);
            terms.iter().any(|term| term_fits(term, node))
        })
}

/// The nodes that a Pod's required node affinity names, where every term names some (`PreFilter` of the plugin
/// NodeAffinity): no other node has to be asked.
pub fn named_nodes(spec: &PodSpec) -> Option<Vec<&str>> {
    let path = [
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
    ];
    let terms = items(spec.affinity.as_ref()?, &path);
    let mut named = Vec::new();
    for term in terms {
        let fields = items(term, &["matchFields"]).iter();
        let mut by_name = fields.filter(|f| text(f, "key") == "metadata.name" && text(f, "operator") == "In");
        let first = items(by_name.next()?, &["values"]).iter();
        let mut names: Vec<&str> = first.filter_map(Value::as_str).collect();
        for field in by_name {
            let others = items(field, &["values"]);
            names.retain(|name| others.iter().any(|other| other.as_str() == Some(*name)));
        }
        named.extend(names);
    }
    (!terms.is_empty()).then_some(named)
}

/// The weights of the preferred node affinities that a node fits, together.
pub fn node_preference(spec: &PodSpec, node: &Node) -> i64 {
    let path = ["nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"];
    let terms = spec.affinity.as_ref().map(|affinity| items(affinity, &path));
    let fits = |term: &&Value| term.get("preference").is_some_and(|p| term_fits(p, node));
    let terms = terms.unwrap_or_default().iter().filter(fits);
    terms.map(|term| whole(term, "weight", 0)).sum()
}

/// A whole number of a member.
pub fn whole(of: &Value, key: &str, default: i64) -> i64 {
    match of.get(key) {
        Some(Value::Int(n)) => *n,
        _ => default,
    }
}
