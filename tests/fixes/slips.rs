//! Sound manifests, and slips people make in them.

/// A slip: in the manifest with this number, `from` is written as `to`, and that is said at `place`.
#[derive(Debug)]
pub struct Slip {
    pub base: usize,
    pub from: &'static str,
    pub to: &'static str,
    pub place: &'static str,
}

const fn slip(base: usize, from: &'static str, to: &'static str, place: &'static str) -> Slip {
    Slip { base, from, to, place }
}

/// A Pod with a little of everything, a Deployment with its Service, and a Job with a Secret.
pub const BASES: [&str; 3] = [
    "apiVersion: v1
kind: Pod
metadata:
  name: shop
  labels:
    app: shop
    tier: front
spec:
  restartPolicy: Always
  terminationGracePeriodSeconds: 20
  volumes:
  - name: data
    emptyDir: {}
  - name: settings
    configMap:
      name: shop
  containers:
  - name: web
    image: nginx:1.27
    imagePullPolicy: IfNotPresent
    ports:
    - containerPort: 80
      protocol: TCP
    env:
    - name: LEVEL
      value: \"5\"
    - name: TOKEN
      valueFrom:
        secretKeyRef:
          name: shop
          key: token
    volumeMounts:
    - name: data
      mountPath: /data
    resources:
      requests:
        memory: 64Mi
      limits:
        cpu: 500m
        memory: 128Mi
    livenessProbe:
      httpGet:
        path: /
        port: 80
      periodSeconds: 5
  - name: log
    image: busybox:1.36
    command: [\"sh\", \"-c\", \"sleep 600\"]
    securityContext:
      privileged: false
",
    "apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 3
  selector:
    matchLabels:
      app: shop
  strategy:
    type: RollingUpdate
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports:
        - containerPort: 80
        readinessProbe:
          tcpSocket:
            port: 80
          initialDelaySeconds: 3
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: ClusterIP
  selector:
    app: shop
  ports:
  - port: 80
    targetPort: 80
",
    "apiVersion: batch/v1
kind: Job
metadata:
  name: count
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: count
        image: busybox:1.36
        args: [\"echo\", \"done\"]
---
apiVersion: v1
kind: Secret
metadata:
  name: count
type: Opaque
data:
  token: aHVudGVyMg==
",
];

pub const SLIPS: &[Slip] = &[
    // Misspelt.
    slip(0, "apiVersion: v1", "apiVerson: v1", "1:1"),
    slip(0, "apiVersion: v1", "apiVersion: V1", "1:13"),
    slip(0, "kind: Pod", "Kind: Pod", "2:1"),
    slip(0, "kind: Pod", "kind: pod", "2:7"),
    slip(0, "metadata:", "metdata:", "3:1"),
    slip(0, "  labels:", "  lables:", "5:3"),
    slip(0, "spec:", "Spec:", "8:1"),
    slip(0, "restartPolicy: Always", "restartpolicy: Always", "9:3"),
    slip(0, "restartPolicy: Always", "restartPolicy: always", "9:18"),
    slip(0, "terminationGracePeriodSeconds", "terminationGracePeriod", "10:3"),
    slip(0, "  containers:", "  container:", "17:3"),
    slip(0, "    image: nginx", "    imagee: nginx", "19:5"),
    slip(
        0,
        "imagePullPolicy: IfNotPresent",
        "imagePullPolicy: IfNotPresnt",
        "20:22",
    ),
    slip(0, "    ports:", "    port:", "21:5"),
    slip(0, "containerPort: 80", "containerport: 80", "22:7"),
    slip(0, "protocol: TCP", "protocol: tcp", "23:17"),
    slip(0, "secretKeyRef:", "secretRef:", "29:9"),
    slip(0, "    volumeMounts:", "    volumesMounts:", "32:5"),
    slip(0, "mountPath: /data", "mountpath: /data", "34:7"),
    slip(0, "    livenessProbe:", "    livenesProbe:", "41:5"),
    slip(0, "        port: 80", "        prot: 80", "44:9"),
    slip(0, "periodSeconds: 5", "periodSecond: 5", "45:7"),
    slip(
        0,
        "- name: data\n      mountPath",
        "- name: dta\n      mountPath",
        "33:13",
    ),
    slip(1, "apiVersion: apps/v1", "apiVersion: app/v1", "1:13"),
    slip(1, "kind: Deployment", "kind: Deploymnet", "2:7"),
    slip(1, "matchLabels:", "matchLabel:", "8:5"),
    slip(1, "type: RollingUpdate", "type: RollingUpdates", "11:11"),
    slip(1, "initialDelaySeconds: 3", "initialDelaySecond: 3", "25:11"),
    slip(1, "        app: shop\n    spec:", "        app: shp\n    spec:", "14:7"),
    slip(1, "type: ClusterIP", "type: ClusterIp", "32:9"),
    // Misplaced.
    slip(
        0,
        "  labels:\n    app: shop\n    tier: front\nspec:",
        "labels:\n  app: shop\nspec:",
        "5:1",
    ),
    slip(
        0,
        "    securityContext:\n      privileged: false\n",
        "    securityContext:\n      privileged: false\n    hostNetwork: true\n",
        "51:5",
    ),
    slip(0, "      periodSeconds: 5", "        periodSeconds: 5", "45:9"),
    slip(
        1,
        "  name: shop\nspec:\n  replicas: 3\n",
        "  name: shop\n  replicas: 3\nspec:\n",
        "5:3",
    ),
    slip(1, "    matchLabels:\n      app: shop\n", "    app: shop\n", "8:5"),
    slip(
        1,
        "  selector:\n    app: shop\n  ports:",
        "  selector:\n    matchLabels:\n      app: shop\n  ports:",
        "34:5",
    ),
    slip(
        1,
        "          initialDelaySeconds: 3\n",
        "            initialDelaySeconds: 3\n",
        "25:13",
    ),
    slip(
        2,
        "  backoffLimit: 2\n  template:\n    spec:\n",
        "  template:\n    spec:\n      backoffLimit: 2\n",
        "8:7",
    ),
    // Mistyped.
    slip(
        0,
        "terminationGracePeriodSeconds: 20",
        "terminationGracePeriodSeconds: 20s",
        "10:34",
    ),
    slip(
        0,
        "terminationGracePeriodSeconds: 20",
        "terminationGracePeriodSeconds: \"20\"",
        "10:34",
    ),
    slip(0, "containerPort: 80", "containerPort: \"80\"", "22:22"),
    slip(0, "containerPort: 80", "containerPort: 80/TCP", "22:22"),
    slip(0, "value: \"5\"", "value: 5", "26:14"),
    slip(0, "value: \"5\"", "value: true", "26:14"),
    slip(0, "    tier: front", "    tier: 1", "7:11"),
    slip(0, "memory: 64Mi", "memory: 64MB", "37:17"),
    slip(0, "cpu: 500m", "cpu: 500 m", "39:14"),
    slip(
        0,
        "command: [\"sh\", \"-c\", \"sleep 600\"]",
        "command: sleep 600",
        "48:14",
    ),
    slip(0, "privileged: false", "privileged: \"false\"", "50:19"),
    slip(0, "privileged: false", "privileged: flase", "50:19"),
    slip(
        0,
        "    - containerPort: 80\n      protocol: TCP\n",
        "      containerPort: 80\n      protocol: TCP\n",
        "21:5",
    ),
    slip(
        0,
        "    ports:\n    - containerPort: 80\n      protocol: TCP\n",
        "    ports: 80\n",
        "21:12",
    ),
    slip(
        0,
        "  labels:\n    app: shop\n    tier: front\n",
        "  labels:\n  - app: shop\n  - tier: front\n",
        "5:3",
    ),
    slip(
        0,
        "    env:\n    - name: LEVEL\n      value: \"5\"\n    - name: TOKEN\n      valueFrom:\n        secretKeyRef:\n          name: shop\n          key: token\n",
        "    env:\n      LEVEL: 5\n      MODE: fast\n",
        "24:5",
    ),
    slip(0, "    emptyDir: {}", "    emptyDir: true", "13:15"),
    slip(
        0,
        "    configMap:\n      name: shop\n",
        "    configMap: shop\n",
        "15:16",
    ),
    slip(0, "image: busybox:1.36", "image: [busybox:1.36]", "47:5"),
    slip(0, "  name: shop\n  labels", "  name: Shop_1\n  labels", "4:9"),
    slip(1, "replicas: 3", "replicas: three", "6:13"),
    slip(1, "replicas: 3", "replicas: -3", "6:13"),
    slip(
        1,
        "      - name: web\n        image: nginx:1.27\n        ports:\n        - containerPort: 80\n        readinessProbe:\n          tcpSocket:\n            port: 80\n          initialDelaySeconds: 3\n",
        "        name: web\n        image: nginx:1.27\n",
        "17:7",
    ),
    slip(
        1,
        "          tcpSocket:\n            port: 80\n",
        "          tcpSocket: 80\n",
        "23:22",
    ),
    slip(2, "args: [\"echo\", \"done\"]", "args: echo done", "13:15"),
    slip(2, "restartPolicy: Never", "restartPolicy: Always", "9:22"),
    slip(2, "token: aHVudGVyMg==", "token: hunter2!", "21:10"),
    // Doubled.
    slip(
        0,
        "    image: nginx:1.27\n",
        "    image: nginx:1.27\n    image: nginx:1.27\n",
        "20:5",
    ),
    slip(
        0,
        "  name: shop\n  labels",
        "  name: shop\n  name: shop\n  labels",
        "5:3",
    ),
    slip(0, "    app: shop\n", "    app: shop\n    app: web\n", "7:5"),
    slip(0, "  - name: log\n", "  - name: web\n", "46:11"),
    slip(0, "  - name: settings\n", "  - name: data\n", "14:11"),
    slip(
        0,
        "      periodSeconds: 5\n",
        "      periodSeconds: 5\n      periodSeconds: 9\n",
        "46:7",
    ),
    slip(
        0,
        "    volumeMounts:\n    - name: data\n      mountPath: /data\n",
        "    volumeMounts:\n    - name: data\n      mountPath: /data\n    volumeMounts:\n    - name: settings\n      mountPath: /settings\n",
        "35:5",
    ),
    slip(1, "---\n", "", "26:1"),
    slip(
        1,
        "    app: shop\n  ports:",
        "    app: shop\n  selector:\n    app: shop\n  ports:",
        "35:3",
    ),
    slip(0, "  - name: log\n", "    name: log\n", "46:5"),
    // No YAML.
    slip(0, "restartPolicy: Always", "restartPolicy Always", "9:3"),
    slip(0, "image: nginx:1.27", "image nginx:1.27", "19:5"),
    slip(0, "image: nginx:1.27", "image:nginx:1.27", "19:5"),
    slip(0, "spec:\n", "spec\n", "8:1"),
    slip(0, "kind: Pod", "kind\u{ff1a} Pod", "2:1"),
    slip(0, "  - name: log", "  -name: log", "46:3"),
    slip(0, "    image: busybox", "   image: busybox", "47:4"),
    slip(0, "    image: busybox", "     image: busybox", "47:6"),
    slip(0, "  containers:\n", " containers:\n", "17:2"),
    slip(0, "        path: /\n", "\t\tpath: /\n", "43:1"),
    slip(0, "image: busybox:1.36", "image: \"busybox:1.36", "47:12"),
    slip(0, "\"sleep 600\"]", "\"sleep 600\"", "48:14"),
    slip(0, "value: \"5\"", "value: @home", "26:14"),
    slip(0, "value: \"5\"", "value: *home", "26:14"),
    slip(1, "---\n", "--\n", "26:1"),
    slip(2, "backoffLimit: 2", "backoffLimit 2", "6:3"),
    slip(2, "        args:", "        args: []\n        args:", "14:9"),
];
