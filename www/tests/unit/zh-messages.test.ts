import { expect, test } from 'vitest';
import { sayZh } from '../../src/words/zh-messages.ts';

test.each([
  ['set by a cluster and ignored here: uid, status', '由集群设置，这里忽略：uid, status'],
  ['Change to "containers"', '改为 "containers"'],
  ["the field hostPID is not supported: the node's processes are not seen", '尚不支持字段 hostPID：看不到节点的进程'],
  [
    'Ingress is not supported yet: its fields are not checked, and it does nothing',
    '尚不支持 Ingress：不检查它的字段，它也不起作用',
  ],
  ['a list', '列表'],
  ['never or a span such as 90s, 2m or 1m30s', 'never 或时长，例如 90s、2m 或 1m30s'],
  ['Pod with a sidecar', '带边车容器的 Pod'],
  ['trap DEBUG is not supported', '不支持 trap DEBUG'],
  ['this is a shell command: paste what lies between the two EOF', '这是 shell 命令：请粘贴两个 EOF 之间的内容'],
  [
    'did not find expected key: the key `image` stands left of `name`',
    'did not find expected key：键 `image` 在 `name` 的左边',
  ],
  ['Align with name', '与 name 对齐'],
  ['Remove "foo"', '删除 "foo"'],
  [
    'assumed: app:1 listens on 8080 one second after start, answers 200, stops on SIGTERM with exit code 0',
    '假定：app:1 启动一秒后监听 8080，回答 200，收到 SIGTERM 以退出码 0 停止',
  ],
  ['assumed: a claim is bound as soon as it is made, to an empty volume', '假定：申领一创建就绑定到一个空卷'],
  [
    'managedBy names another controller, which is not simulated: the Job makes no Pods',
    'managedBy 指定了另一个控制器，这里不模拟它：这个 Job 不创建 Pod',
  ],
])('%s', (english, chinese) => expect(sayZh(english)).toBe(chinese));

test('what Kubernetes says stays as it is', () => {
  for (const text of ['unknown field "spec.prots"', 'spec.containers[0].image: Required value', '']) {
    expect(sayZh(text)).toBe(text);
  }
});
