import { CodecError, enumeration, type Format, format, many, optional, rest, struct, u8 } from '#base/codec/index.ts';
import { must, raw, TAG } from './element.ts';

const ICON_USE = { selfExplanatory: 0, withText: 1 } as const;

/** Icon identifier (TS 102 223 8.31): number of an instance in EF.IMG, and whether the text may be left out. */
const icon = struct({ use: enumeration(u8, ICON_USE), identifier: u8 });
/** Item icon identifier list (TS 102 223 8.32): one number for each item, in their order. */
const itemIcons = struct({ use: enumeration(u8, ICON_USE), identifiers: rest(1, 240) });
/** Response length (TS 102 223 8.11): characters of an answer; `most` 255 is no limit. */
export const responseLength = struct({ least: u8, most: u8 });

/** How a command that shows something may look: icon, text attribute (TS 102 223 8.72), frame. */
export const LOOK = {
  icon: optional(must(TAG.icon), icon),
  textAttribute: optional(must(TAG.textAttribute), raw),
  frame: optional(must(TAG.frame), u8),
};
/** How a list of items may look. */
export const LIST_LOOK = {
  icon: LOOK.icon,
  itemIcons: optional(must(TAG.itemIcons), itemIcons),
  textAttribute: LOOK.textAttribute,
  itemTextAttributes: optional(must(TAG.itemTextAttributes), raw),
};

/** An item of a menu (TS 102 223 8.9): its number 1 to 255 and its text, coded as an alpha identifier. */
export interface MenuItem {
  readonly identifier: number;
  readonly text: Uint8Array;
}

const itemValue = struct({ identifier: u8, text: rest(0, 250) });

/** An item, or the empty one that removes a menu. */
const itemOrNone: Format<MenuItem | undefined> = format(
  (reader) => (reader.remaining === 0 ? undefined : itemValue.read(reader)),
  (writer, item) => {
    if (item !== undefined) itemValue.write(writer, item);
  },
);

/** Items of a list, as objects one after another. */
export const ITEMS = many(must(TAG.item), itemOrNone);

/** Items as they travel: none is one empty object, which removes a menu (TS 102 223 6.6.7). */
export const itemsOut = (items: readonly MenuItem[]): readonly (MenuItem | undefined)[] =>
  items.length === 0 ? [undefined] : items;

/** The items received. Throws CodecError when an empty one stands beside others, or none is there at all. */
export function itemsIn(items: readonly (MenuItem | undefined)[]): readonly MenuItem[] {
  const found = items.filter((item) => item !== undefined);
  const isRemoval = items.length === 1 && found.length === 0;
  if (!isRemoval && (found.length !== items.length || items.length === 0))
    throw new CodecError(
      'item',
      0,
      `expected items, or a single empty one, got ${items.length} of which ${found.length} are filled`,
    );
  return found;
}
