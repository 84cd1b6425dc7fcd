/** A plugin of remark: fenced blocks of language `podscope` become `<pod-scope>` with the text inside. */
export default function remarkPodscope(): (tree: never) => void;
