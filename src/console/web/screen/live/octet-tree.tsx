import { saidTogether, saidWords } from '../../text/index.ts';
import type { Range, Sheet } from './types.ts';

type Node = Sheet['nodes'][number];
/** An element, and those inside it. */
interface Tree {
  readonly node: Node;
  readonly children: readonly Tree[];
}

/** The tree of a list of elements: what follows one with a higher level stands inside it. */
export function treesOf(nodes: readonly Node[]): readonly Tree[] {
  const trees: Tree[] = [];
  for (let at = 0; at < nodes.length; ) {
    const node = nodes[at] as Node;
    let end = at + 1;
    while ((nodes[end]?.level ?? 0) > node.level) end++;
    trees.push({ node, children: treesOf(nodes.slice(at + 1, end)) });
    at = end;
  }
  return trees;
}

/** What stands in an octet string, element by element. The one that is pointed at or focused shows its octets. */
export function OctetTree({
  sheet,
  trees,
  onShow,
}: {
  readonly sheet: string;
  readonly trees: readonly Tree[];
  onShow(range: Range | undefined): void;
}) {
  return (
    <ul class="octet-tree">
      {trees.map((tree) => (
        <Element
          key={`${tree.node.from}-${tree.node.to}-${tree.node.name}`}
          sheet={sheet}
          tree={tree}
          onShow={onShow}
        />
      ))}
    </ul>
  );
}

function Element({
  sheet,
  tree: { node, children },
  onShow,
}: {
  readonly sheet: string;
  readonly tree: Tree;
  onShow(range: Range | undefined): void;
}) {
  const show = () => onShow({ sheet, from: node.from, to: node.to });
  const words = <Words node={node} />;
  if (children.length === 0)
    return (
      <li>
        <button type="button" class="octet-node" onMouseEnter={show} onFocus={show} onClick={show}>
          {words}
        </button>
      </li>
    );
  return (
    <li>
      <details open>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a control of the platform */}
        <summary onMouseEnter={show} onFocus={show}>
          {words}
        </summary>
        <OctetTree sheet={sheet} trees={children} onShow={onShow} />
      </details>
    </li>
  );
}

function Words({ node }: { readonly node: Node }) {
  const { name, named, tag, value, meaning, said = [] } = node;
  const isFailed = said.some(({ code }) => code === 'macFailed');
  return (
    <>
      <span class="node-name">
        {tag} {saidWords('octetName', named, name)}
      </span>
      {value !== undefined && <span class="code node-value"> {value}</span>}
      {meaning !== undefined && (
        <span class={isFailed ? 'node-failed' : 'soft'}> {saidTogether('octetMeaning', said, meaning)}</span>
      )}
    </>
  );
}
