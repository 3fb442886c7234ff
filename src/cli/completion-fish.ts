import { allOffered, CARD_FILES, type Offer, type OfferedCommand, type OfferedOption } from './command-tree.ts';

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;

/** What comes behind a condition for this offer. */
function offered(offer: Offer): string {
  switch (offer.kind) {
    case 'words':
      return `-x -a ${quoted(offer.words.join(' '))}`;
    case 'file':
      return '-r -F';
    case 'directory':
      return "-x -a '(__fish_complete_directories (commandline -ct))'";
    case 'iccid':
      return `-x -a '(__assay_cards ${CARD_FILES.iccid})'`;
    case 'support':
      return `-x -a '(__assay_cards ${CARD_FILES.support})'`;
    case 'anything':
      return '-x';
  }
}

function optionLine(path: string, { flags, description, value }: OfferedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const behind = value === undefined ? '' : ` ${offered(value)}`;
  return `complete -c assay -n ${quoted(`__assay_is "${path}"`)} ${names.join(' ')}${behind} -d ${quoted(description)}`;
}

function linesOf({ path, options, commands, arguments: given }: OfferedCommand): readonly string[] {
  const words = path.join(' ');
  return [
    ...commands.map(
      (one) =>
        `complete -c assay -n ${quoted(`__assay_is "${words}"`)} -a ${one.path.at(-1)} -d ${quoted(one.description)}`,
    ),
    ...options.map((option) => optionLine(words, option)),
    ...given.flatMap(({ value, isRepeatable }, at) =>
      value.kind === 'anything'
        ? []
        : [`complete -c assay -n ${quoted(`__assay_argument "${words}" ${at} ${isRepeatable}`)} ${offered(value)}`],
    ),
  ];
}

/** The completion of fish 3 for the whole program. */
export function fishCompletion(program: OfferedCommand): string {
  const all = allOffered(program);
  const paths = all.map(({ path }) => path.join(' ')).filter((path) => path !== '');
  const valued = all.flatMap(({ path, options }) =>
    options.flatMap(({ flags, value }) =>
      value === undefined ? [] : flags.map((flag) => `${path.join(' ')} ${flag}`),
    ),
  );
  return `# fish completion of assay, written by 'assay completion fish'

set -g __assay_paths ${paths.map(quoted).join(' ')}
set -g __assay_valued ${valued.map(quoted).join(' ')}

# The command that stands on the line, and how many of its arguments.
function __assay_at
    set -l path ''
    set -l before 0
    set -l isValue no
    for word in (commandline -opc)[2..]
        if test $isValue = yes
            set isValue no
        else if string match -q -- '-*' $word
            contains -- "$path $word" $__assay_valued; and set isValue yes
        else if contains -- (string trim -- "$path $word") $__assay_paths
            set path (string trim -- "$path $word")
        else
            set before (math $before + 1)
        end
    end
    echo $path
    echo $before
end

function __assay_is
    set -l at (__assay_at)
    test "$at[1]" = "$argv[1]"
end

# Path, how many arguments stand before, whether more may.
function __assay_argument
    set -l at (__assay_at)
    test "$at[1]" = "$argv[1]"; or return 1
    test $at[2] -eq $argv[2]; or test $argv[3] = true -a $at[2] -ge $argv[2]
end

# Numbers of the cards in the data directory.
function __assay_cards
    set -l data ./assay-data
    set -q ASSAY_DATA; and set data $ASSAY_DATA
    set -l words (commandline -opc)
    set -l at (contains -i -- --data $words); and set data $words[(math $at + 1)]
    for file in $data/$argv[1]/*${CARD_FILES.ending}
        string replace -r '${CARD_FILES.ending.replace('.', String.raw`\.`)}$' '' -- (basename $file)
    end
end

complete -c assay -f
${all.flatMap(linesOf).join('\n')}
`;
}
