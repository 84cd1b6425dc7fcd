import { expect, test } from 'vitest';
import { sayZh } from '../../src/words/zh-messages.ts';

test.each([
  ['set by a cluster, and set aside here: uid, status', '由集群设置，这里放到一边：uid, status'],
  ['Change to "containers"', '改为 "containers"'],
  ["the field hostPID is not modelled: the node's processes are not seen", '字段 hostPID 没有建模：看不到节点的进程'],
  ['trap DEBUG is not modelled', 'trap DEBUG 没有建模'],
  [
    'assumed: app:1 listens on 8080 one second after start, answers 200, stops on SIGTERM with exit code 0',
    '假定：app:1 启动一秒后监听 8080，回答 200，收到 SIGTERM 以退出码 0 停止',
  ],
])('%s', (english, chinese) => expect(sayZh(english)).toBe(chinese));

test('what Kubernetes says stays as it is', () => {
  for (const text of ['unknown field "spec.prots"', 'spec.containers[0].image: Required value', '']) {
    expect(sayZh(text)).toBe(text);
  }
});
