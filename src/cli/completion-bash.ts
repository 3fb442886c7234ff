import { allOffered, CARD_FILES, type Offer, type OfferedCommand } from './command-tree.ts';

/** Words of choices and commands are letters, digits, `-`, `.`, `_` and `:` only: they need no quotes within double quotes. */
function offerLine(offer: Offer): string {
  return offer.kind === 'words'
    ? `_assay_kind=words _assay_offer="${offer.words.join(' ')}"`
    : `_assay_kind=${offer.kind}`;
}

function commandCase({ path, options, commands }: OfferedCommand): string {
  const flags = options.flatMap((option) => option.flags).join(' ');
  return `    "${path.join(' ')}") _assay_commands="${commands.map((one) => one.path.at(-1)).join(' ')}" _assay_flags="${flags}" ;;`;
}

const optionCases = ({ path, options }: OfferedCommand): readonly string[] =>
  options.flatMap(({ flags, value }) =>
    value === undefined
      ? []
      : [`    ${flags.map((flag) => `"${path.join(' ')} ${flag}"`).join('|')}) ${offerLine(value)} ;;`],
  );

const argumentCases = ({ path, arguments: given }: OfferedCommand): readonly string[] =>
  given.map(
    ({ value, isRepeatable }, at) => `    "${path.join(' ')} ${at}"${isRepeatable ? '*' : ''}) ${offerLine(value)} ;;`,
  );

/** What walks the line and offers words; the tables before it say which. */
const ENGINE = `# Numbers of the cards in the data directory: folder.
_assay_cards() {
  local file
  for file in "$_assay_data/$1"/*${CARD_FILES.ending}; do
    [ -e "$file" ] || continue
    file=\${file##*/}
    printf '%s\\n' "\${file%${CARD_FILES.ending}}"
  done
}

_assay_offers() {
  local word=$1
  case "$_assay_kind" in
    words) mapfile -t COMPREPLY < <(compgen -W "$_assay_offer" -- "$word") ;;
    file) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    directory) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    iccid) mapfile -t COMPREPLY < <(compgen -W "$(_assay_cards ${CARD_FILES.iccid})" -- "$word") ;;
    support) mapfile -t COMPREPLY < <(compgen -W "$(_assay_cards ${CARD_FILES.support})" -- "$word") ;;
  esac
}

_assay() {
  local _assay_commands _assay_flags _assay_kind _assay_offer _assay_data=\${ASSAY_DATA:-./assay-data}
  local path='' before=0 option='' isOver='' word i IFS=$' \\t\\n'
  local current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  _assay_command "$path"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # bash takes --list=black for three words.
    [ "$word" = = ] && [ -n "$option" ] && continue
    if [ -n "$option" ]; then
      [ "$option" = --data ] && _assay_data=$word
      option=
    elif [ -z "$isOver" ] && [ "$word" = -- ]; then
      isOver=yes
    elif [ -z "$isOver" ] && [[ $word == -* ]]; then
      _assay_option "$path" "$word"
      [ -n "$_assay_kind" ] && option=$word
    elif [[ " $_assay_commands " == *" $word "* ]]; then
      path=\${path:+$path }$word
      _assay_command "$path"
    else
      before=$((before + 1))
    fi
  done
  if [ -n "$option" ]; then
    [ "$current" = = ] && current=
    _assay_option "$path" "$option"
    _assay_offers "$current"
  elif [ -z "$isOver" ] && [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$_assay_flags" -- "$current")
  elif [ -n "$_assay_commands" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$_assay_commands" -- "$current")
  else
    _assay_argument "$path" "$before"
    _assay_offers "$current"
  fi
}

complete -F _assay assay
`;

/** The completion of bash 4.4 and later for the whole program; it needs no other script. */
export function bashCompletion(program: OfferedCommand): string {
  const all = allOffered(program);
  return `# bash completion of assay, written by 'assay completion bash'

_assay_command() {
  _assay_commands= _assay_flags=
  case "$1" in
${all.map(commandCase).join('\n')}
  esac
}

# What stands behind an option of a command: path, option.
_assay_option() {
  _assay_kind= _assay_offer=
  case "$1 $2" in
${all.flatMap(optionCases).join('\n')}
  esac
}

# What a command's argument is: path, how many stand before it.
_assay_argument() {
  _assay_kind= _assay_offer=
  case "$1 $2" in
${all.flatMap(argumentCases).join('\n')}
  esac
}

${ENGINE}`;
}
