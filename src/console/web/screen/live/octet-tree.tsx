import type { Range, Sheet } from './types.ts';

type Node = Sheet['nodes'][number];

/** What stands in an octet string, element by element. The one that is pointed at or focused shows its octets. */
export function OctetTree({
  sheet,
  nodes,
  onShow,
}: {
  readonly sheet: string;
  readonly nodes: readonly Node[];
  onShow(range: Range | undefined): void;
}) {
  return (
    <ul class="octet-tree">
      {nodes.map((node) => (
        <Element key={`${node.from}-${node.to}-${node.name}`} sheet={sheet} node={node} onShow={onShow} />
      ))}
    </ul>
  );
}

function Element({
  sheet,
  node,
  onShow,
}: {
  readonly sheet: string;
  readonly node: Node;
  onShow(range: Range | undefined): void;
}) {
  const show = () => onShow({ sheet, from: node.from, to: node.to });
  const children = childrenOf(node);
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
        <OctetTree sheet={sheet} nodes={children} onShow={onShow} />
      </details>
    </li>
  );
}

/** The document says how deep a tree is; the deepest elements have no children by type. */
const childrenOf = (node: Node): readonly Node[] => (node.children ?? []) as readonly Node[];

function Words({ node: { name, value, meaning } }: { readonly node: Node }) {
  const isFailed = meaning?.startsWith('FAILED') === true;
  return (
    <>
      <span class="node-name">{name}</span>
      {value !== undefined && <span class="code node-value"> {value}</span>}
      {meaning !== undefined && (
        <span lang="en" class={isFailed ? 'node-failed' : 'soft'}>
          {' '}
          {meaning}
        </span>
      )}
    </>
  );
}
