// Workloads for tests/pictures.mjs: one of each kind, with what is hard to draw about it.

const scenario = (until, steps, more = '') => `---
apiVersion: podscope/v1
kind: Scenario
metadata:
  name: pictures
spec:
  until: ${until}
${more}${steps.length > 0 ? '  steps:\n' : ''}${steps.map(([at, run]) => `  - at: ${at}\n    run: ${run}\n`).join('')}`;

const controller = (kind, name, fields) => `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
spec:
${fields}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: app
        image: nginx:1.26
        readinessProbe:
          httpGet: {path: /, port: 80}
          periodSeconds: 2
`;

const web = controller('Deployment', 'web', '  replicas: 4\n  progressDeadlineSeconds: 60');

const missing = `  images:
  - name: nginx:nope
    pull: {error: "nginx:nope: not found"}
`;

const nodes = `  nodes:
  - name: node1
  - name: node2
  - name: node3
`;

const service = `---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector: {app: db}
  ports: [{port: 80}]
`;

/** Text by name of a scene. */
export const workloads = {
  rollout: web + scenario('2m', [['40s', 'kubectl set image deployment/web app=nginx:1.27']]),
  stuck:
    web +
    scenario(
      '4m',
      [
        ['30s', 'kubectl set image deployment/web app=nginx:nope'],
        ['150s', 'kubectl rollout undo deployment/web'],
      ],
      missing,
    ),
  statefulset:
    controller('StatefulSet', 'db', '  serviceName: db\n  replicas: 3') +
    service +
    scenario('3m', [['60s', 'kubectl set image statefulset/db app=nginx:1.27']]),
  daemonset:
    controller('DaemonSet', 'agent', '  updateStrategy: {rollingUpdate: {maxUnavailable: 1}}') +
    scenario('2m', [['40s', 'kubectl set image daemonset/agent app=nginx:1.27']], nodes),
  job:
    `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: busybox
        command: [sh, -c, "echo working; sleep 4; exit 3"]
` + scenario('3m', []),
  cronjob:
    `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "*/10 * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 0
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: busybox
            command: [sh, -c, "sleep 780"]
` + scenario('1h', []),
};
