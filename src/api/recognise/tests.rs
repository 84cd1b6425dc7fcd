//! What is recognised, and what it leads to.

use crate::api::load;
use crate::manifest::Severity;

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: a\n    image: nginx\n";

/// The code, the message and the text after the fix; there is nothing else to be said.
fn recognised(text: &str) -> (&'static str, String, String) {
    let all = load(text).diagnostics;
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    let after = all[0].fixes.first().map(|fix| fix.text.clone()).unwrap_or_default();
    (all[0].code, all[0].message.clone(), after)
}

#[test]
fn a_manifest_is_taken_out_of_the_text_around_it() {
    let fence = format!("```yaml\n{POD}```\n");
    let page = format!("# Pods\n\nHere is one:\n\n```yaml\n{POD}```\n\nand another\n\n~~~\n{POD}~~~\nThe end.\n");
    let heredoc = format!("cat <<EOF | kubectl apply -f -\n{POD}EOF\n");
    let dash = format!("$ kubectl apply -f - <<'END'\n{POD}END\npod/a created\n");
    let session = format!("me@box:~$ cat pod.yaml\n{POD}me@box:~$ kubectl apply -f pod.yaml\npod/a created\n");
    let prose = format!("Hello, this Pod does not start:\n\n{POD}\nThanks for any help\n");
    for (text, message, want) in [
        (
            &fence,
            "this is a Markdown fence: paste what lies inside it",
            POD.to_owned(),
        ),
        (
            &page,
            "this is a Markdown fence: paste what lies inside it",
            format!("{POD}---\n{POD}"),
        ),
        (
            &heredoc,
            "this is a shell command: paste what lies between the two EOF",
            POD.to_owned(),
        ),
        (
            &dash,
            "this is a shell command: paste what lies between the two END",
            POD.to_owned(),
        ),
        (
            &session,
            "this is a shell session: paste only the manifest in it",
            POD.to_owned(),
        ),
        (
            &prose,
            "there is other text around the manifest: paste only the manifest",
            POD.to_owned(),
        ),
    ] {
        assert_eq!(recognised(text), ("wrapped", message.to_owned(), want), "{text}");
    }
}

#[test]
fn fences_and_shells_inside_of_values_are_no_matter() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    ```yaml\n    kind: Pod\n    ```\n  \
                b: |\n    cat <<EOF\n    $ kubectl get pod\n    EOF\n";
    assert!(load(text).diagnostics.is_empty());
}

/// Whatever is recognised leads to a text without errors.
#[test]
fn what_is_recognised_leads_on() {
    let kustomization = format!(
        "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [pod.yaml]\nnamePrefix: prod-\nnamespace: shop\ncommonLabels: {{app: x}}\nimages:\n- name: nginx\n  newTag: \"1.27\"\n---\n{POD}"
    );
    let compose = "services:\n  web:\n    image: nginx:alpine\n    ports: [\"8080:80\"]\n    environment: {A: 1}\n    depends_on: [db]\n  db:\n    image: postgres:16\n    environment:\n    - POSTGRES_PASSWORD=x\n    volumes: [\"data:/var/lib/postgresql\", \"./x:/y\"]\nvolumes:\n  data:\n";
    let helm = "{{- if .Values.enabled }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include \"c.fullname\" . }}\n  labels:\n    {{- include \"c.labels\" . | nindent 4 }}\nspec:\n  {{- if not .Values.autoscaling.enabled }}\n  replicas: {{ .Values.replicaCount }}\n  {{- end }}\n  selector:\n    matchLabels:\n      {{- include \"c.selectorLabels\" . | nindent 6 }}\n  template:\n    metadata:\n      labels:\n        {{- include \"c.labels\" . | nindent 8 }}\n    spec:\n      {{- with .Values.nodeSelector }}\n      nodeSelector:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n      containers:\n      - name: {{ .Chart.Name }}\n        image: \"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\"\n        imagePullPolicy: {{ .Values.image.pullPolicy }}\n        ports:\n        - name: http\n          containerPort: {{ .Values.service.port | default 8080 }}\n        resources: {{ toYaml .Values.resources | nindent 10 }}\n{{- end }}\n";
    let commands = "$ kubectl run web --image=nginx\npod/web created\n$ kubectl get pod\nNAME READY\n";
    for (text, code, holds) in [
        (
            &*kustomization,
            "kustomization",
            &[
                "name: prod-a",
                "namespace: shop",
                "image: nginx:1.27",
                "labels: {app: x}",
            ][..],
        ),
        (
            compose,
            "compose",
            &[
                "kind: Deployment",
                "containerPort: 80",
                "port: 8080",
                "value: \"x\"",
                "emptyDir: {}",
            ],
        ),
        (
            helm,
            "template",
            &[
                "replicas: 1",
                "image: \"nginx:latest\"",
                "containerPort: 8080",
                "name: my-app",
            ],
        ),
        (commands, "commands", &["run: \"kubectl run web --image=nginx\""]),
    ] {
        let (found, _, after) = recognised(text);
        assert_eq!(found, code, "{text}");
        for part in holds {
            assert!(after.contains(part), "{part}: {after}");
        }
        let errors = load(&after)
            .diagnostics
            .into_iter()
            .find(|d| d.severity == Severity::Error);
        assert!(errors.is_none(), "{errors:?}\n{after}");
    }
}

#[test]
fn a_kustomization_alone_says_how_to_go_on() {
    for text in [
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [deployment.yaml]\n",
        "resources:\n- deployment.yaml\nnamePrefix: prod-\n",
    ] {
        let (code, message, after) = recognised(text);
        assert_eq!((code, &*after), ("kustomization", ""), "{text}");
        assert!(message.contains("run `kubectl kustomize` first"), "{message}");
    }
}
