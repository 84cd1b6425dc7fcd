// Podscope's own messages in Simplified Chinese, by their English form: `*` stands for a name or a number that is carried
// over. What is not listed is Kubernetes' own text (of the API server, kubectl, go-yaml) and stays as it is.

const messages: [string, string][] = [
  ['set by a cluster and ignored here: *', '由集群设置，这里忽略：*'],
  [
    '* is not supported yet: its fields are checked, but it makes no Pods',
    '尚不支持 *：会检查它的字段，但它不创建 Pod',
  ],
  ['* is not supported yet: its fields are checked, but it does nothing', '尚不支持 *：会检查它的字段，但它不起作用'],
  [
    '* is not supported yet: its fields are not checked, and it does nothing',
    '尚不支持 *：不检查它的字段，它也不起作用',
  ],
  [
    '* is not supported yet: it holds back kubectl drain and does nothing else',
    '尚不支持 *：它会阻止 kubectl drain，除此之外不起作用',
  ],
  ['assumed: a claim is bound as soon as it is made, to an empty volume', '假定：申领一创建就绑定到一个空卷'],
  [
    'managedBy names another controller, which is not simulated: the Job makes no Pods',
    'managedBy 指定了另一个控制器，这里不模拟它：这个 Job 不创建 Pod',
  ],
  [
    'image * is not known here; did you mean *? A name that the registry does not have ends in ErrImagePull',
    '这里不认识镜像 *；是否指 *？仓库中没有的名称会以 ErrImagePull 告终',
  ],
  [
    'the registry has no image *, so the pull ends in ErrImagePull; did you mean *?',
    '仓库中没有镜像 *，拉取会以 ErrImagePull 告终；是否指 *？',
  ],
  ['* is a custom resource (*), which is not supported: it is ignored', '* 是自定义资源（*），尚不支持：会被忽略'],
  [
    'this is not a manifest: it must be a mapping with apiVersion and kind',
    '这不是清单：应是带有 apiVersion 和 kind 的映射',
  ],
  ['only the first * objects are read', '只读取前 * 个对象'],
  ['a manifest has at most one Scenario; this one is ignored', '一份清单最多有一个 Scenario；这一个会被忽略'],
  ['nested deeper than * levels', '嵌套超过 * 层'],
  ["an anchor's value cannot hold itself", '锚点的值不能包含它自己'],
  ['aliases add more than * values; this is read no further', '别名展开超过 * 个值；不再读取'],
  ['a key must not be null', '键不能是 null'],
  ['a key must be text, not a list or a mapping', '键必须是文本，不能是列表或映射'],
  [
    'the key * is read as the boolean *; put it in quotes if the text is meant',
    '键 * 被读作布尔值 *；如果指的是文本，请加引号',
  ],
  ['the text has * bytes; at most * are read', '文本有 * 字节；最多读取 * 字节'],
  ['control characters are not allowed (*)', '不允许控制字符（*）'],
  [
    'this is a template, not a manifest: render it first (helm template) and paste the result',
    '这是模板，不是清单：请先渲染（helm template），再粘贴结果',
  ],
  [
    'this is a Helm template, not a manifest: fill in its values, or run `helm template` and paste the result',
    '这是 Helm 模板，不是清单：请填入它的值，或运行 `helm template` 再粘贴结果',
  ],
  ['this is a Markdown fence: paste what lies inside it', '这是 Markdown 代码块：请粘贴其中的内容'],
  ['this is a shell command: paste what lies between the two *', '这是 shell 命令：请粘贴两个 * 之间的内容'],
  ['this is a shell session: paste only the manifest in it', '这是 shell 会话：请只粘贴其中的清单'],
  ['these are shell commands: they can run as steps of a scenario', '这些是 shell 命令：可以作为场景的步骤运行'],
  ['there is other text around the manifest: paste only the manifest', '清单前后还有其他文字：请只粘贴清单'],
  [
    'this is a compose file, not a manifest: turn its services into Deployments and Services',
    '这是 Compose 文件，不是清单：请把其中的服务转换为 Deployment 和 Service',
  ],
  [
    'this is a kustomization, not a manifest: run `kubectl kustomize` first and paste the result',
    '这是 kustomization，不是清单：请先运行 `kubectl kustomize`，再粘贴结果',
  ],
  [
    'this is a kustomization: apply it to the other documents of this text',
    '这是 kustomization：请把它应用到这份文本的其他文档',
  ],
  ['a second object begins here: put `---` before it', '这里开始第二个对象：请在它前面加上 `---`'],
  ['`*` separates no documents; a line of `---` does', '`*` 不能分隔文档；请用一行 `---`'],
  ['the indentation holds a no-break space (*); use ordinary spaces', '缩进中有不间断空格（*）；请使用普通空格'],
  ['the line holds a no-break space (*); use ordinary spaces', '这一行中有不间断空格（*）；请使用普通空格'],
  ['the indentation holds a special space (*); use ordinary spaces', '缩进中有特殊空格（*）；请使用普通空格'],
  ['the line holds a special space (*); use ordinary spaces', '这一行中有特殊空格（*）；请使用普通空格'],
  // The first part of these is go-yaml's own.
  ["could not find expected ':': a full-width colon stands after *", "could not find expected ':'：* 后面是全角冒号"],
  [
    "could not find expected ':': a space is missing behind the colon of *",
    "could not find expected ':'：* 的冒号后缺少空格",
  ],
  ["could not find expected ':': the colon after * is missing", "could not find expected ':'：* 后面缺少冒号"],
  [
    "could not find expected ':': this line is neither a field nor a list item",
    "could not find expected ':'：这一行既不是字段也不是列表项",
  ],
  [
    "did not find expected '-' indicator: a dash needs a space behind it",
    "did not find expected '-' indicator：短横线后面需要空格",
  ],
  [
    'mapping values are not allowed in this context: * belongs on a line of its own below *',
    'mapping values are not allowed in this context：* 应另起一行，放在 * 之下',
  ],
  [
    'mapping values are not allowed in this context: a value with a colon and a space needs quotes',
    'mapping values are not allowed in this context：带有冒号和空格的值需要引号',
  ],
  [
    'found unexpected end of stream: the quote that opens here is never closed',
    'found unexpected end of stream：从这里开始的引号没有结束',
  ],
  [
    'did not find expected key: the quote that opens here is closed too early',
    'did not find expected key：从这里开始的引号结束得太早',
  ],
  ['*: the bracket that opens here is never closed', '*：从这里开始的括号没有结束'],
  ['*: this bracket is closed by another kind', '*：这个括号用另一种括号结束'],
  ['*: this bracket closes nothing', '*：这个括号没有对应的开头'],
  ['*: `*` begins an alias; put the value in quotes', '*：`*` 表示别名；请给值加上引号'],
  ['*: a value that begins with `*` needs quotes', '*：以 `*` 开头的值需要引号'],
  ['*: a comma is missing at the end of this line', '*：这一行末尾缺少逗号'],
  [
    'found unknown escape character: a backslash in double quotes begins an escape',
    'found unknown escape character：双引号中的反斜杠表示转义',
  ],
  ['*: the key `*` stands left of `*`', '*：键 `*` 在 `*` 的左边'],
  ['*: the key `*` stands right of `*`', '*：键 `*` 在 `*` 的右边'],
  ['*: the list item stands left of `*`', '*：列表项在 `*` 的左边'],
  ['*: the list item stands right of `*`', '*：列表项在 `*` 的右边'],
  ['a tab is used for indentation; YAML allows only spaces there', '缩进用了制表符；YAML 在这里只允许空格'],
  ['version * is not supported (supported: *); * is simulated', '版本 * 不受支持（支持：*）；按 * 模拟'],
  ['fault * is not supported', '不支持故障 *'],
  [
    'assumed: node * exists, with the labels and the room that its Pods ask for',
    '假定：节点 * 存在，带有其上 Pod 所要求的标签和资源',
  ],
  [
    'assumed: namespace * exists; the text does not make it, and without it the API server would refuse the object',
    '假定：名字空间 * 存在；文本没有创建它，而没有它 API 服务器会拒绝这个对象',
  ],
  [
    'assumed: PriorityClass * exists with value *; the text brings none, and without it the API server would refuse the Pod',
    '假定：PriorityClass * 存在，值为 *；文本里没有它，而没有它 API 服务器会拒绝这个 Pod',
  ],
  [
    'assumed: ServiceAccount * exists in namespace *; the text does not make it, and without it the API server would refuse the Pod',
    '假定：ServiceAccount * 存在于命名空间 *；文本里没有它，而没有它 API 服务器会拒绝这个 Pod',
  ],
  [
    'what feature gate * changes is not simulated; the run is the same without it',
    '不模拟特性门控 * 改变的内容；没有它运行也一样',
  ],
  ['feature gate * changes nothing that is simulated here', '特性门控 * 不改变这里模拟的任何内容'],
  ['feature gate * is * by default in *', '特性门控 * 默认为 *（*）'],
  ['the simulation does not get past *', '模拟无法越过 *'],
  ['stopped at *: * events is the most for *', '在 * 停下：一次运行最多 * 个事件'],
  ['stopped at *: * steps is the most for *', '在 * 停下：一次运行的所有程序和命令最多 * 步'],
  ['stopped at *: * bytes is the most for *', '在 * 停下：一次运行最多记住 * 字节'],
  ['a regular expression takes too many steps: it fits nothing from here on', '正则表达式用了太多步：从此什么也不匹配'],
  ['the log is full: later lines are dropped', '日志已满：之后的行被丢弃'],
  ['a pipe is full: what is written to it is dropped', '管道已满：写入的内容被丢弃'],
  ['TLS is not simulated: https is answered as http', '不模拟 TLS：https 按 http 回答'],
  ['nc -e is not supported: the program is not run', '不支持 nc -e：程序不会运行'],
  ['assumed: every address answers a ping', '假定：每个地址都回应 ping'],
  ['assumed: what * asks its server succeeds and prints nothing', '假定：* 向服务器的请求成功，且不输出任何内容'],
  ['checksums are made up, though equal texts have equal ones', '校验和是编造的，不过相同的文本有相同的校验和'],
  ['this awk program is not supported (patterns with print are)', '不支持这个 awk 程序（带 print 的模式可以）'],
  [
    'this sed script is not supported (s, p, d, q, y, a, i, c and = are)',
    '不支持这个 sed 脚本（s、p、d、q、y、a、i、c 和 = 可以）',
  ],
  [
    'large files are kept short: their sizes and full disks are not simulated',
    '大文件只保留一小部分：不模拟文件大小和磁盘写满',
  ],
  ['find * is not supported', '不支持 find *'],
  [
    'a program takes ever more memory and has no limit: the memory of the node is not used up',
    '一个程序不断占用内存且没有限制：节点的内存不会被耗尽',
  ],
  ['df prints a made-up disk', 'df 显示的磁盘是编造的'],
  ['Python is not interpreted: the command is assumed to succeed', '不解释 Python：假定命令成功'],
  [
    'assumed: the Python program is a server that listens one second after start and stops on SIGTERM',
    '假定：这个 Python 程序是服务器，启动一秒后开始监听，收到 SIGTERM 就停止',
  ],
  ['trap * is not supported', '不支持 trap *'],
  ['arrays are not supported', '不支持数组'],
  ['*: this command is not supported in this image', '*：这个镜像里不支持这个命令'],
  ['commands nested deeper than * the shell crashes', '命令嵌套超过 * shell 崩溃'],
  ['a loop that never waits: it spins, and is run ever more coarsely', '从不等待的循环：它空转，并且运行得越来越粗略'],
  ['more than * processes at a time: the fork fails', '同时超过 * 个进程：fork 失败'],
  ['* is a script of *, which is not interpreted: it is assumed to succeed', '* 是 * 的脚本，不作解释：假定它成功'],
  ['* is not interpreted: * is assumed to succeed', '不解释 *：假定 * 成功'],
  [
    'assumed: * succeeds (exit code 0); describe it under exec to change that',
    '假定：* 成功（退出码 0）；要改变，请在 exec 下描述它',
  ],
  [
    'assumed: * listens on * one second after start, answers 200, stops on SIGTERM with exit code 0',
    '假定：* 启动一秒后监听 *，回答 200，收到 SIGTERM 以退出码 0 停止',
  ],
  [
    'assumed: * listens on * one second after start, answers 200, stops on SIGTERM with exit code *',
    '假定：* 启动一秒后监听 *，回答 200，收到 SIGTERM 以退出码 * 停止',
  ],
  [
    'assumed: * listens on * one second after start, answers 200, ignores SIGTERM as PID 1',
    '假定：* 启动一秒后监听 *，回答 200，作为 PID 1 忽略 SIGTERM',
  ],
  [
    'assumed: * listens on * after start, answers 200, stops on SIGTERM with exit code *',
    '假定：* 监听 *（从启动算起），回答 200，收到 SIGTERM 以退出码 * 停止',
  ],
  [
    'assumed: * listens on * after start, answers 200, ignores SIGTERM as PID 1',
    '假定：* 监听 *（从启动算起），回答 200，作为 PID 1 忽略 SIGTERM',
  ],
  [
    'assumed: * listens on * after start and ignores SIGTERM as PID 1',
    '假定：* 监听 *（从启动算起），作为 PID 1 忽略 SIGTERM',
  ],
  ['assumed: * ends with exit code 0 one second after start', '假定：* 启动一秒后以退出码 0 结束'],
  ['assumed: image * names a user other than root, by number', '假定：镜像 * 用数字指定了 root 以外的用户'],
  ['assumed: * answers 200', '假定：* 回答 200'],
  ['assumed: * is there', '假定：* 存在'],
  [
    'nslookup is taken to be that of busybox:1.28; from 1.29 on it exits with 1 for a short name: write the whole one, or the tag',
    'nslookup 按 busybox:1.28 处理；从 1.29 起它对短名称以退出码 1 结束：请写完整名称，或写上标签',
  ],
  ['assumed: * succeeds (exit code 0)', '假定：* 成功（退出码 0）'],
  ['assumed: * listens on * after start and stops on SIGTERM', '假定：* 监听 *（从启动算起），收到 SIGTERM 就停止'],
  [
    "assumed: the program listens at once on the container's ports (8080 when there are none)",
    '假定：程序立即监听容器的端口（没有写端口时为 8080）',
  ],
  ['assumed: * image * (* MiB in *)', '假定：*镜像 *（* MiB，拉取用 *）'],
  // Mends.
  ['Change to an ordinary colon', '改为半角冒号'],
  ['Change to *', '改为 *'],
  ['Add the selector', '添加选择算符'],
  ['Add the comma', '添加逗号'],
  ['Add *', '添加 *'],
  ['Take out the manifest', '取出清单'],
  ['Make them steps', '变成步骤'],
  ['Fill in the values', '填入值'],
  ['Turn into a manifest', '转换为清单'],
  ['Apply the kustomization', '应用 kustomization'],
  ['Put it in quotes', '加引号'],
  ['Put the whole value in quotes', '给整个值加引号'],
  ['Use single quotes', '改用单引号'],
  ['Close the quote', '补上引号'],
  ['Close the bracket', '补上括号'],
  ['Remove the bracket', '去掉括号'],
  ['Put `---` before it', '在前面加上 `---`'],
  ['Put a space behind the dash', '在短横线后加空格'],
  ['Put a space behind the colon', '在冒号后加空格'],
  ['Put * on its own line', '让 * 另起一行'],
  ['Align with *', '与 * 对齐'],
  ['Make it a list', '改成列表'],
  ['Make it one object', '改成一个对象'],
  ['Make it one value', '改成一个值'],
  ['Make it a mapping', '改成映射'],
  ['Encode it in base64', '用 base64 编码'],
  ['Join both *', '合并两个 *'],
  ['Begin a new item with *', '从 * 开始新的一项'],
  ['Move * under the top level', '把 * 移到顶层'],
  ['Move * under *', '把 * 移到 * 之下'],
  ['Remove this line', '删除这一行'],
  ['Remove it', '删除'],
  ['Remove the dashes', '去掉短横线'],
  ['Remove * around it', '去掉外层的 *'],
  ['Remove the quotes', '去掉引号'],
  ['Remove *', '删除 *'],
  ['Replace by spaces', '换成空格'],
  ['Write it out', '写出来'],
  ['* belongs under *', '* 应在 * 之下'],
  // What if.
  ['The text has an error; mend it first.', '文本里有错误；请先改好。'],
  ['The scenario of this text is written in a way that nothing can be added to.', '这个文本的场景的写法无法添加内容。'],
  ['The Pod is not written in this text.', '这个文本里没有写这个 Pod。'],
  ['The container is not written in this text.', '这个文本里没有写这个容器。'],
  ['The container has no such probe.', '容器没有这个探针。'],
  [
    'A TCP probe fails when nothing listens: kill the process instead.',
    '没有程序监听时 TCP 探针就会失败：请改为杀掉进程。',
  ],
  ['The container does not run at this instant.', '此刻容器没有在运行。'],
  ['No Pod of this name can be deleted at this instant.', '此刻没有这个名字的 Pod 可以删除。'],
  [
    'The startup probe has succeeded: it does not run again before a restart.',
    'startup 探针已经成功：重启之前不再运行。',
  ],
  ['Nothing of this name can be made to happen.', '没有这个名字的事可以发生。'],
  // Reality.
  ['This is more than can be read at once.', '内容太多，无法一次读取。'],
  [
    'Nothing to compare was found: paste the lines of kubectl get pod -w, a Pod with its status, or Events.',
    '没有找到可以对比的内容：请粘贴 kubectl get pod -w 的各行、带状态的 Pod 或事件。',
  ],
  ['The run has no Pod to compare with.', '这次运行没有可以对比的 Pod。'],
  // Links.
  ['this is no link: it lacks *', '这不是链接：缺少 *'],
  ['the link is of scheme *; this program reads scheme *', '链接的格式是 *；这个程序读取格式 *'],
  ['the link is damaged: a part of it is missing or was changed', '链接已损坏：有一部分缺失或被改动'],
  ['the link holds more than 1 MiB of text', '链接包含的文本超过 1 MiB'],
];

/** What happens instead where a field is not supported. */
const instead = new Map([
  ['no RuntimeClass is looked up', '不查找 RuntimeClass'],
  ['it counts for nothing', '不计入'],
  ['limits and requests of the whole Pod count for nothing', '整个 Pod 的限制和请求不计入'],
  ['no device is claimed or waited for', '不申请也不等待设备'],
  ['names are found as without it', '名字的解析与没有它时一样'],
  ["the node's processes are not seen", '看不到节点的进程'],
  ['it changes nothing', '不改变任何内容'],
  ['the host name stays short', '主机名保持短名'],
  ['the Pod has no name of its own in DNS', 'Pod 在 DNS 中没有自己的名字'],
  ['the Pod is scheduled by itself', 'Pod 单独调度'],
  ['no sysctl is set, though one that is not safe is refused', '不设置 sysctl，但会拒绝不安全的 sysctl'],
  ['no profile is loaded or missing', '不加载配置，也不会缺少'],
  ['no label is set', '不设置标签'],
  ['nobody is evicted for what is written', '不会因写入的内容而驱逐'],
  ["the node's directories are not known, and none is missing", '不了解节点的目录，也不会缺少'],
  ['the container has no device', '容器没有设备'],
  ['no device is claimed', '不申请设备'],
  ['a hook has no such handler, and fails', '钩子没有这种处理方式，会失败'],
  ['servers speak plain HTTP, and the hook falls back to it', '服务器只讲普通 HTTP，回调会退回到 HTTP'],
  ['TLS is answered as if it were plain HTTP', 'TLS 按普通 HTTP 回答'],
  ['the registry asks nobody for a name', '镜像仓库不要求身份'],
  ['files have no owners, and nothing is denied', '文件没有所有者，什么都不会被拒绝'],
  ['none is missing', '不会缺少任何一项'],
  ['only scripts are denied to write, servers run on', '只有脚本的写入会被拒绝，服务器照常运行'],
  ['the volume is there at once and empty', '卷立即可用，并且是空的'],
]);

/** What a field holds, what it is when it is left out, and the titles of templates. */
const fields = new Map([
  ['text', '文本'],
  ['a whole number', '整数'],
  ['true or false', 'true 或 false'],
  ['a quantity such as 250m or 64Mi', '数量，例如 250m 或 64Mi'],
  ['a number or a name', '数字或名称'],
  ['a time such as 2026-01-01T00:00:00Z', '时间，例如 2026-01-01T00:00:00Z'],
  ['a span such as 90s, 2m or 1m30s', '时长，例如 90s、2m 或 1m30s'],
  ['anything', '任意内容'],
  ['an object', '对象'],
  ['a list', '列表'],
  ['a mapping', '映射'],
  ['an object or a list of objects', '对象或对象的列表'],
  ['value', '值'],
  ['a manifest', '清单'],
  ['Always for the tag latest, else IfNotPresent', '标签是 latest 时为 Always，否则为 IfNotPresent'],
  ['the labels of the template', '模板的标签'],
  ['6, or 2147483647 with backoffLimitPerIndex', '6；有 backoffLimitPerIndex 时为 2147483647'],
  ['1 when parallelism is left out too', '也没有 parallelism 时为 1'],
  ['TerminatingOrFailed, or Failed with a podFailurePolicy', 'TerminatingOrFailed；有 podFailurePolicy 时为 Failed'],
  ['Deployment with a Service', '带 Service 的 Deployment'],
  ['Pod with probes', '带探针的 Pod'],
  ['Pod with a sidecar', '带边车容器的 Pod'],
  ['Job, Indexed', '带索引的 Job'],
]);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

let patterns: [RegExp, string][] | null = null;

/** The message in Chinese, or as it is. */
export function sayZh(message: string): string {
  const field = /^the field (\S+) is not supported: (.+)$/s.exec(message);
  if (field) return `尚不支持字段 ${field[1]}：${instead.get(field[2] ?? '') ?? field[2]}`;
  const word = /^(\S+) or (.+)$/s.exec(message);
  const other = word && fields.get(word[2] ?? '');
  if (fields.has(message)) return fields.get(message) ?? message;
  if (word && other) return `${word[1]} 或${other}`;
  patterns ??= messages.map(([from, to]) => [new RegExp(`^${from.split('*').map(escaped).join('(.+?)')}$`, 's'), to]);
  for (const [pattern, to] of patterns) {
    const found = pattern.exec(message);
    if (!found) continue;
    let n = 0;
    return to.replace(/\*/g, () => found[++n] ?? '');
  }
  return message;
}
