// The scenarios of the gallery in Simplified Chinese, by the name of their file: title, description, and what to try. Loaded
// only for readers of Chinese. Kubernetes' own words stay as they are.

export interface Told {
  title: string;
  text: string;
  try: string;
}

export const told: Record<string, Told> = {
  '01-a-whole-life': {
    title: '两分钟看完 Pod 的一生',
    text: '一个 Pod 从第一次拉取镜像到被删除：一个 init 容器，一个主容器要等待的边车，一个在启动 40 s 后开始失败、第三次失败就杀掉容器的存活探针，以及一个在 Service 忘掉它之前让服务继续运行的 `preStop` 钩子。拖动任何一个带点线的数字，看未来如何变化。',
    try: '让存活探针多容忍一倍。',
  },
  '02-liveness-every-99-seconds': {
    title: '存活探针每 99 秒杀一次',
    text: '文件在 60 s 后消失，第三次失败在 9 s 之后到来，然后半分钟里什么都不发生：`sh` 是 1 号进程，没有处理 SIGTERM，所以每次终止都要等满 30 s 的宽限期。60、9 和 30 加起来就是 99 s。换成能立即执行的处理程序，重启就立即发生。',
    try: '让 shell 在收到 SIGTERM 时结束。',
  },
  '03-crashloop-staircase': {
    title: 'CrashLoopBackOff 的阶梯',
    text: '一启动就失败的容器，第一次会立即重启，之后依次等待 10、20、40、80、160，最后是 300 秒。等待的大部分时间里 STATUS 显示 `Error`：只有当 kubelet 再次查看这个 Pod 并拒绝启动它时，才显示 `CrashLoopBackOff`。而阶段一直是 `Running`。',
    try: '让它在十一分钟之后崩溃，而不是立即崩溃。',
  },
  '04-init-waits-for-services': {
    title: 'init 容器等待两个 Service',
    text: '每个 init 容器都向 DNS 查询一个 Service，直到名字能解析。它们一个接一个运行，所以第一个找到它的 Service 之前，第二个根本不会启动；`kubectl get pod` 显示为 `Init:0/2` 和 `Init:1/2`。把步骤拖开，看哪一段等待变长。',
    try: '让缓存来得更晚。',
  },
  '05-readiness-until-file': {
    title: '文件出现之前一直未就绪',
    text: '在有人创建文件之前，服务器一直回答 404，所以 Pod 一开始就是 `Running` 和 `0/1`：它活着，但 Service 不给它发任何流量。删掉文件，失败三次后它又被移出。就绪探针从不重启任何东西。',
    try: '每十秒才问一次。',
  },
  '06-prestop-eats-the-grace': {
    title: '比宽限期还长的 preStop 钩子',
    text: '`terminationGracePeriodSeconds` 从删除时开始计时，钩子也在这段时间里运行。十秒过后钩子被放弃，服务器在只剩两秒时收到 SIGTERM，它需要五秒，于是被杀掉：尽管它能好好处理信号，退出码仍是 137。把宽限期拖到 26，它就以 0 退出。',
    try: '给整个停止过程足够的时间。',
  },
  '07-sidecar-order': {
    title: '边车最先启动，最后停止',
    text: '边车就是带有 `restartPolicy: Always` 的 init 容器。它的启动探针成功之后，下一个容器才启动，所以 `prepare` 已经能经过 `mesh` 通信。删除时应用先停止，边车随后按相反的顺序停止，全部在同一个宽限期之内。',
    try: '只给整个 Pod 五秒来停止。',
  },
  '08-three-failures-not-four': {
    title: 'failureThreshold 3 就是三次失败',
    text: '服务器在启动 30 s 后出故障。每个标记是一次探测和它的计数：连续第三次失败就杀掉，不需要第四次，之后也不再等一个周期。所以从故障到终止要两到三个周期，取决于故障落在周期的哪一处。',
    try: '把周期减半。终止会提前多少？',
  },
  '09-slow-start-delay-or-startup-probe': {
    title: '启动慢，该用 initialDelaySeconds 还是 startupProbe',
    text: '同一个程序，45 s 之后才开始监听。估计得太短就陷入循环：每次启动都被存活探针杀掉。启动探针会一直问到有回答为止，这期间不让存活探针开始；如果启动很快，它也没有任何代价。',
    try: '给第一个 Pod 足够长的延迟。',
  },
  '10-liveness-does-not-wait-for-readiness': {
    title: '存活探针不等就绪探针',
    text: '两个探针都随容器开始，彼此一无所知。这个服务器 25 s 后才回答；存活探针 15 s 就失去了耐心，所以这个 Pod 根本不会就绪。',
    try: '让存活探针容忍十二次失败。',
  },
  '11-startup-probe-failures-back-off': {
    title: '启动探针失败和存活探针失败一样会重启',
    text: '没有程序监听 8080。一个 Pod 由启动探针发现，另一个由存活探针发现；终止、事件，以及下次启动前越来越长的等待，两者都一样。',
    try: '让程序在探针敲门的端口上监听。',
  },
  '12-when-does-the-back-off-reset': {
    title: '回退什么时候清零？',
    text: '两个程序都反复崩溃。从启动到下一次崩溃之间满十分钟，回退就被忘掉：九分钟不够，等待一直增长到五分钟；十一分钟之后，容器每次都立即重新启动。',
    try: '让第一个 Pod 也活十一分钟。',
  },
  '13-crashloop-is-not-a-phase': {
    title: 'CrashLoopBackOff 不是阶段',
    text: '同一个问题有三个答案。`status.phase` 是 `Running`，因为 Pod 已经启动过，还可能再次运行。容器的状态是 `waiting`，原因是 `CrashLoopBackOff`。`kubectl get pod` 的 STATUS 显示它找到的最糟的原因。把 YAML 页和 Watch 对比着看。',
    try: '让程序以 0 退出。STATUS 会怎么说？',
  },
  '14-exit-code-0-and-crashloop': {
    title: '退出码是 0，仍然 CrashLoopBackOff',
    text: '`Always` 是默认策略，而且说到做到：完成了工作的程序会一次又一次被重新启动，等待的时间和崩溃的程序一样。换成 `OnFailure`，同一个 Pod 就是 `Completed`，并一直如此。',
    try: '让第一个 Pod 只在失败时重启。',
  },
  '15-terminating-is-not-a-phase': {
    title: 'Terminating 不是阶段',
    text: '`kubectl delete` 只是写下 `deletionTimestamp`。从那时起 STATUS 显示 `Terminating`，而 `status.phase` 一直是 `Running`，直到最后一个容器停止；那时对象才消失。',
    try: '让程序花 35 s 来停止。那么由谁来结束它？',
  },
  '16-not-ready-is-not-restarted': {
    title: '就绪探针失败不会重启任何东西',
    text: '服务器有半分钟回答 503。Pod 离开 Service，然后又回来；容器从未被触动，重启次数保持 0。就绪关乎流量，存活关乎生命。',
    try: '失败四次才算数。',
  },
  '17-one-endpoint-for-both-probes': {
    title: '数据库抖了一下，全部重启',
    text: '`/ready` 要问数据库，而数据库有 40 s 不在。一个 Pod 的两个探针都用它，为了不是自己的过错而被杀掉；另一个只是离开 Service，数据库一回来它就回来。',
    try: '把第一个 Pod 的存活探针指向 /alive。',
  },
  '18-flapping-and-success-threshold': {
    title: '反复抖动的就绪状态',
    text: '一个每次卡顿四秒的服务器。以一次失败为限，每次卡顿都会让 Pod 离开 Service 再回来；三次失败加三次成功就能安然度过，只有最后那段长时间的中断才算数。',
    try: '让那个敏感的先失败两次再离开。',
  },
  '19-prestop-that-fails': {
    title: '失败的 preStop 钩子拦不住谁',
    text: '钩子运行两秒后失败。kubelet 用事件 `FailedPreStopHook` 说明，然后继续：SIGTERM 立即发出，剩下的宽限期都归程序。',
    try: '让钩子九秒之后才失败。',
  },
  '20-process-gone-before-its-hook': {
    title: '进程已经没了，preStop 的等待还在继续',
    text: '等待开始五秒后，进程自己结束了。kubelet 并不去看：等待一直进行到底，Pod 一直是 `Terminating`，其实已经没有什么可等。',
    try: '把等待改成五秒。',
  },
  '21-thirty-seconds-to-stop': {
    title: '停止总要 30 s，退出码 137，并非内存不足',
    text: '1 号进程对 SIGTERM 没有默认动作：没有处理程序，信号就被忽略，等满整个宽限期后由 SIGKILL 结束，128 + 9。加一个 `trap`、一个 `exec` 或一个小的 init，同一个 Pod 立即停止。',
    try: '把第一个 Pod 的宽限期缩短到五秒。',
  },
  '22-who-killed-it': {
    title: '137 还是 143：谁杀了它？',
    text: '四种结局。有处理程序的，以它自己选的退出码结束；没有的，SIGTERM 得到 143（128 + 15）；忽略信号的，宽限期满后被杀，137（128 + 9），原因 `Error`；占用内存太多的也被杀，137，但原因是 `OOMKilled`。',
    try: '给贪心的那个两倍以上的内存。',
  },
  '23-out-of-memory': {
    title: '一次又一次 OOMKilled',
    text: '程序在 20 s 内涨到 200 MiB，它的限制是 128 MiB。它一要更多内存，内核就杀掉它：没有 SIGTERM，没有宽限，退出码 137，原因 `OOMKilled`，之后的等待和任何崩溃之后一样。',
    try: '把限制提高到它需要的以上。',
  },
  '24-probes-while-terminating': {
    title: '就绪探针问到最后，存活探针不再问',
    text: '服务器在收到 SIGTERM 后用 20 s 排空，这期间对两个探针都回答 503。Pod 一旦被删除，存活探针就不再问，所以不会有什么把它重启；就绪探针一直问到最后。',
    try: '给它太少的时间来排空。',
  },
  '25-poststart-blocks-the-others': {
    title: 'postStart 挡住后面的容器',
    text: '容器一个接一个启动，后一个要等前一个的 `postStart` 钩子。整整 20 s，Pod 显示 `ContainerCreating`，尽管第一个程序早已在运行，第二个也本可以运行。',
    try: '让钩子只用三秒。',
  },
  '26-sidecar-gates-the-init-containers': {
    title: '别人都要等的边车',
    text: '带有 `restartPolicy: Always` 的 init 容器就是边车。有启动探针时，下一个 init 容器等到它有回答；没有时，只等到它启动。这样迁移运行时，代理已经准备好了。',
    try: '让代理需要二十秒。',
  },
  '27-init-containers-run-again': {
    title: 'init 容器为什么又运行了一次？',
    text: '一分钟后 Pod 的沙箱丢失，就像节点重启之后那样。kubelet 创建一个新的沙箱，从头开始：init 容器第二次运行。它们做的事必须经得起这一点。',
    try: '让沙箱更早丢失。',
  },
  '28-init-container-fails': {
    title: 'init 容器失败',
    text: '在 `Always` 和 `OnFailure` 之下会再试，等待越来越长：`Init:CrashLoopBackOff`。在 `Never` 之下，一次失败就是整个 Pod 的终点：阶段 `Failed`，STATUS `Init:Error`。',
    try: '给第一个 Pod 另一种策略。',
  },
  '29-image-pull-back-off': {
    title: 'ImagePullBackOff，修好之后还在',
    text: '镜像仓库拒绝五次。两次尝试之间等待 10、20、40、80 和 160 s；在等待中途修好的 secret，要到等待结束才起作用。删掉 Pod 更快。',
    try: '让拉取本身花一分钟。',
  },
  '30-image-pull-policies': {
    title: 'ErrImageNeverPull 和其他策略',
    text: '镜像不在节点上。`Never` 等别人把它放上去：`ErrImageNeverPull`。`IfNotPresent` 和 `Always` 去拉取，拉好之后第一个 Pod 也启动了。先把镜像放到节点上，就只有 `Always` 还会去问镜像仓库。',
    try: '先把镜像放到节点上。',
  },
  '31-stuck-terminating-on-a-lost-node': {
    title: '卡在 Terminating，--force 究竟做了什么',
    text: '节点没了，再没有谁能确认进程已经停止：Pod 一直是 `Terminating`。`--force` 删除对象，仅此而已。如果节点还在某处运行，进程也还在运行。',
    try: '在 90 s 时强制删除。',
  },
  '32-kubelet-restart': {
    title: 'kubelet 重启对它的 Pod 有什么影响',
    text: '40 s 时 kubelet 被重启，就像升级节点时那样。没有容器被触动。探针得到的结论存在 kubelet 的内存里；看看 Ready 状况和端点。',
    try: '给就绪探针更长的延迟。',
  },
  '33-exec-probe-times-out': {
    title: '耗时太久的 exec 探针',
    text: '命令本来会在 2 s 后成功。`timeoutSeconds` 没有另写就是 1，所以每次尝试都是失败，第三次就杀掉。从 1.20 起，超时对命令也有效。',
    try: '给命令三秒。',
  },
  '34-poststart-and-entrypoint-race': {
    title: '失败的 postStart 钩子会结束它的容器',
    text: '钩子和程序同时运行，先后没有保证。钩子一失败，不管程序运行得多好，kubelet 都会杀掉容器，崩溃循环的等待随之开始。',
    try: '让钩子成功。',
  },
  '35-restart-rules': {
    title: '只为一个退出码重启',
    text: '`restartPolicy: Never`，但容器的一条规则说：以 88 退出时重新启动。它两次这样要求；第三次退出是普通的失败，也就是终点。',
    try: '让规则指定另一个退出码。',
  },
  '36-one-replica-twenty-five-per-cent': {
    title: '只有一个副本的 Deployment 为什么上线不了？',
    text: '一个副本的 25%：`maxSurge` 向上取整为 1，`maxUnavailable` 向下取整为 0。所以新 Pod 必须先可用，旧 Pod 才能退出，而节点放不下两个。新 Pod 一直是 `Pending`，直到有人腾出位置。',
    try: '允许一个 Pod 不可用，而不是多一个 Pod。',
  },
  '37-max-surge-0-and-pending': {
    title: 'maxSurge 是 0，新 Pod 为什么还是 Pending？',
    text: 'Deployment 把正在被删除的 Pod 当作已经没有，立即创建下一个。调度器不这样看：旧 Pod 的进程结束之前，它仍然占着节点上的内存。所以每个新 Pod 都会 `Pending`，正好是旧 Pod 停止所需的 20 s。',
    try: '让服务器立即停止。',
  },
  '38-progress-deadline': {
    title: '上线超过进度期限会发生什么？',
    text: '只有一个状况改变，别的什么都不发生。新镜像不存在，所以它的 Pod 永远不会就绪；三个旧 Pod 继续服务。30 秒没有进展就设置 `ProgressDeadlineExceeded`，`kubectl rollout status` 失败，而上线一直等到有人撤销它。',
    try: '永远不回滚。',
  },
  '39-crash-loop-rolls-out': {
    title: '一个只会崩溃的版本为什么替换了所有 Pod？',
    text: '没有就绪探针，容器一运行就是就绪；没有 `minReadySeconds`，就绪的 Pod 立即算作可用。每个新 Pod 只活四秒，但这已经够了：在有人看到第一个 `CrashLoopBackOff` 之前，旧 Pod 就都没了。',
    try: '要求就绪持续十秒才算数。',
  },
  '40-min-ready-seconds': {
    title: 'minReadySeconds 在等什么？',
    text: 'Pod 连续就绪 15 秒才算可用。Service 不等：Pod 一就绪就是端点。这里 `/ready` 在启动 10 秒后失败 4 秒，计时重新开始，所以 Deployment 在 Pod 启动半分钟后才完成。',
    try: '让应用不间断地回答。',
  },
  '41-more-pods-than-surge': {
    title: '只允许五个 Pod，为什么有八个在运行？',
    text: '四个副本加 `maxSurge: 1` 允许五个 Pod，但正在被删除的 Pod 不再计入。每个旧 Pod 要 40 s 才停止，每个新 Pod 两秒就就绪：最后一个新 Pod 启动时，四个旧 Pod 都还在停止。数一数横条，不要数副本。',
    try: '让服务器立即停止。',
  },
  '42-anti-affinity-rollout': {
    title: '带 Pod 反亲和性的上线为什么永远不会完成？',
    text: '三个节点，三个 Pod，每个节点最多一个。三的 25% 向下取整，不可用的 Pod 为 0，所以新 Pod 必须先可用，旧 Pod 才能退出；但每个节点上都有一个旧 Pod，新 Pod 找不到位置。两者互相等待。换成 34%，就会先退出一个旧 Pod。',
    try: '允许三分之一的 Pod 不可用。',
  },
  '43-which-pod-goes': {
    title: '缩容时哪个 Pod 先被删除？',
    text: '逐条比较，第一处不同就决定结果：是否还没有节点、是否还没运行、是否未就绪、删除成本是否更低、所在节点上是否有更多同类、就绪时间是否更短、重启是否更多、是否更新。这里先删除卡住的 Pod，然后删除成本最低的，尽管它最老。',
    try: '让比 ReplicaSet 还老的那个 Pod 成本最高。',
  },
  '44-who-owns-the-pods': {
    title: '删除 Deployment 之后，Pod 为什么还在？',
    text: '删除属主有三种方式。`--cascade=orphan`：它消失，它的 ReplicaSet 留下，Pod 也留下。后台级联是默认方式：它立即消失，垃圾收集器随后删除 ReplicaSet，再删除 Pod。前台级联：它一直留到最后一个 Pod 停止。',
    try: '让垃圾收集器也删除第一个 Deployment 的 Pod。',
  },
  '45-job-back-off-limit': {
    title: '失败的 Job 会重试多久？',
    text: '`backoffLimit` 为 3 允许失败三次，第四次就超过了，所以一共运行四个 Pod。两次之间 Job 等待 10、20 和 40 s，从失败的容器结束时算起。每多一次尝试，等待就翻倍：默认的六次要十分钟以上。',
    try: '多允许一次失败。结束会晚多少？',
  },
  '46-job-onfailure-loses-its-logs': {
    title: '失败的 Job 的 Pod 和日志为什么都没了？',
    text: '用 `OnFailure` 时，kubelet 在同一个 Pod 里重启容器，Job 把重启次数加起来。到第二次它就放弃，在第三次尝试还在运行时删除 Pod，日志也随之消失。用 `Never` 时每次尝试都是单独的 Pod：三个都失败，三个都留下。',
    try: '让第一个 Job 也新建 Pod。',
  },
  '47-job-parallel-failures': {
    title: 'backoffLimit 是 2，为什么有六个 Pod 失败？',
    text: '在任何 Pod 失败之前，Job 就按 `parallelism` 启动了所有 Pod，第一次失败一秒之后才计数。那时已经失败了四个；另外两个被删除，也算失败。一次只运行一个的话，失败三个，Job 在它们之间一共等半分钟。',
    try: '一次只运行一个 Pod。',
  },
  '48-job-and-its-sidecar': {
    title: '我的 Job 为什么永远不会完成？',
    text: '所有容器都结束，Pod 才算成功，而代理永远不会结束：Pod 停在 `NotReady`，Job 一直运行。边车是带 `restartPolicy: Always` 的 Init 容器，不计在内：最后一个普通容器结束时，kubelet 停止它，Job 就完成了。',
    try: '最多给 Job 半分钟。',
  },
  '49-job-replaces-a-stopping-pod': {
    title: '我的 Job 为什么同时运行两个 Pod？',
    text: '有人删除了 Pod，它要 40 s 才停止。默认情况下 Job 立即把它算作失败，10 s 的回退一过就创建下一个：两个并排运行。用 `podReplacementPolicy: Failed`，它会等旧 Pod 真正结束。',
    try: '让第一个 Job 也等待。',
  },
  '50-job-deadline': {
    title: '哪个上限结束了我的 Job，又是谁删除了它？',
    text: '允许失败六次，但 `activeDeadlineSeconds` 从 Job 开始时计时，等待也算在内：40 s 后它以 `DeadlineExceeded` 失败，这时只尝试了两次。20 s 之后 `ttlSecondsAfterFinished` 把它连同 Pod 和日志一起删除。再晚去看的脚本什么也找不到。',
    try: '结束之后保留 Job。',
  },
  '51-cronjob-forbid-starts-late': {
    title: 'concurrencyPolicy Forbid 会跳过一次运行，还是推迟它？',
    text: '两者都会。上一次还在运行时到期的运行不会启动：`JobAlreadyActive`。但它没有被忘记：运行中的 Job 一完成，最近错过的那次就启动，这里晚了半分钟，之后的每次都更晚。设了 `startingDeadlineSeconds: 10`，这就太晚了，要等到计划中的下一个时刻才运行。',
    try: '最多允许晚十秒。',
  },
  '52-cronjob-suspended-for-hours': {
    title: 'CronJob 会补上错过的运行吗？',
    text: '只补一次，最近的那次。挂起两小时，它错过了 119 次；在两个整分之间恢复，它立即启动最近一次的 Job，然后按计划继续。错过超过 100 次看起来像是时钟错了，所以它警告 `TooManyMissedTimes`，但照样运行。',
    try: '十分钟后就恢复。',
  },
  '53-cronjob-when-clocks-go-back': {
    title: '我的 CronJob 为什么一夜之间运行了两次？',
    text: '10 月 25 日凌晨，柏林的时钟从 3:00 拨回 2:00，所以 2:30 出现两次，两次都符合计划。到了三月，2:30 根本不出现，什么也不运行。避开这个小时，或者用 UTC 时间写计划，就没有问题。',
    try: '让它晚一个小时运行。',
  },
  '54-cronjob-keeps-old-jobs': {
    title: 'CronJob 的旧 Job 和旧 Pod 为什么还在？',
    text: '历史上限保留每种结果的最近几个 Job，连同它们的 Pod 和日志：这里是两个成功的和一个失败的。它们在某个 Job 结束时生效。一个失败的 Job 会一直留到下一个失败为止，哪怕是几个月之后；Job 模板里的 `ttlSecondsAfterFinished` 可以按时间限制它。',
    try: '一个成功的 Job 也不保留。',
  },
  '55-statefulset-rollback-trap': {
    title: 'rollout undo 为什么修不好我的 StatefulSet？',
    text: '坏镜像弄坏了 `db-2`，更新停在那里。撤销改了模板，但用 `OrderedReady` 时，控制器要等所有 Pod 都就绪才动任何一个，而坏的那个永远不会就绪。只有当有人删除 `db-2`，它才会按好的模板重新创建。',
    try: '动下一个 Pod 之前不等待任何 Pod。',
  },
  '56-statefulset-waits-for-the-first': {
    title: '我的 StatefulSet 为什么只启动一个 Pod？',
    text: '用 `OrderedReady` 时，`db-0` 就绪之后才创建 `db-1`。而这里 `db-0` 连上 `db-1` 才就绪，所以它们互相等待。`Parallel` 同时创建所有 Pod，它们的名字和卷不受影响。',
    try: '同时启动所有 Pod。',
  },
  '57-daemonset-and-a-dead-node': {
    title: '一个失联的节点为什么会挡住 DaemonSet 的更新？',
    text: '失联节点上的 Pod 不可用，`maxUnavailable` 不再允许别的。控制器删除它，但那里没有 kubelet 来停止它：它一直是 `Terminating`，仍然算作不可用，其他节点上健康的 Pod 就一直是旧的。允许两个不可用，更新就会绕过失联的节点继续。',
    try: '允许两个 Pod 不可用。',
  },
  '58-daemonset-bad-updates': {
    title: '坏的更新能弄坏 DaemonSet 的多少个 Pod？',
    text: '`maxUnavailable` 说多少就是多少。第一个坏镜像弄坏一个 Pod，其余的等着它。下一次更新替换那个反正不可用的坏 Pod，它仍然计数，所以别的都不动。旧版本（1.31 之前）不计它：每次坏的更新都会多弄坏一个。好的镜像会逐个修好它们。',
    try: '允许两个 Pod 不可用。',
  },
};
