import { allOffered, CARD_FILES, type Offer, type OfferedCommand, type OfferedOption } from './command-tree.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
/** For what _arguments reads: brackets and colons have a meaning there. */
const plainIn = (text: string): string => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);

function actionOf(offer: Offer): string {
  switch (offer.kind) {
    case 'words':
      return `(${offer.words.map(plainIn).join(' ')})`;
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'iccid':
      return `_assay_cards ${CARD_FILES.iccid}`;
    case 'support':
      return `_assay_cards ${CARD_FILES.support}`;
    case 'anything':
      return ' ';
  }
}

function optionSpecs({ flags, description, value, isRepeatable }: OfferedOption): readonly string[] {
  const others = isRepeatable ? '*' : flags.length > 1 ? `(${flags.join(' ')})` : '';
  const behind = value === undefined ? '' : `:value:${actionOf(value)}`;
  return flags.map((flag) => {
    const name = value !== undefined && flag.startsWith('--') ? `${flag}=` : flag;
    return quoted(`${others}${name}[${plainIn(description)}]${behind}`);
  });
}

const functionOf = ({ path }: OfferedCommand): string => ['_assay', ...path].join('_');

function commandFunction(command: OfferedCommand): string {
  const { path, options, commands, arguments: given } = command;
  const specs = options.flatMap(optionSpecs);
  if (commands.length === 0) {
    const places = given.map(({ name, value, isRepeatable }, at) =>
      quoted(`${isRepeatable ? '*' : at + 1}:${plainIn(name)}:${actionOf(value)}`),
    );
    return `${functionOf(command)}() {
  _arguments -S \\
    ${[...specs, ...places].join(' \\\n    ')}
}`;
  }
  const names = commands.map((one) => quoted(`${one.path.at(-1)}:${one.description.replaceAll(':', String.raw`\:`)}`));
  return `${functionOf(command)}() {
  local curcontext=$curcontext state line
  local -a commands=(
    ${names.join('\n    ')}
  )
  _arguments -C -S \\
    ${specs.join(' \\\n    ')} \\
    '1: :->command' '*:: :->rest' && return
  case $state in
    command) _describe -t commands ${quoted(`${['assay', ...path].join(' ')} command`)} commands ;;
    rest)
      case $words[1] in
${commands.map((one) => `        ${one.path.at(-1)}) ${functionOf(one)} ;;`).join('\n')}
      esac ;;
  esac
}`;
}

/** The completion of zsh 5 for the whole program. */
export function zshCompletion(program: OfferedCommand): string {
  return `#compdef assay
# zsh completion of assay, written by 'assay completion zsh'

# Numbers of the cards in the data directory; _arguments puts options of compadd before the folder.
_assay_cards() {
  local data=\${opt_args[--data]:-\${ASSAY_DATA:-./assay-data}}
  local -a cards=($data/\${@[-1]}/*${CARD_FILES.ending}(N:t:r))
  compadd "\${@[1,-2]}" -a cards
}

${allOffered(program).map(commandFunction).join('\n\n')}

if [ "$funcstack[1]" = _assay ]; then
  _assay "$@"
else
  compdef _assay assay
fi
`;
}
