import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boxHeight, isAtWrongEnd, type Scroll, scrolled, scrollTo, TALLEST_BOX } from './long-scroll.ts';

const heights = fc
  .record({ rows: fc.integer({ min: 0, max: 1e9 }), seen: fc.integer({ min: 100, max: 2000 }) })
  .map((one) => ({ ...one, most: Math.max(0, one.rows - one.seen) }));

test('property: the ends of the box are the ends of the rows, and the bar reaches both', () => {
  fc.assert(
    fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), ({ most, ...given }, part) => {
      const box = boxHeight(given);
      assert.ok(box <= TALLEST_BOX || box === given.seen);
      assert.deepEqual(scrollTo(0, given), { top: 0, box: 0 });
      const end = scrollTo(most, given);
      assert.equal(end.top, most);
      assert.ok(Math.abs(end.box - (box - given.seen)) <= 1);
      const somewhere = scrollTo(part * most, given);
      if (somewhere.box > given.seen) assert.equal(scrolled(somewhere, 0, given).top, 0);
      const far = box - given.seen - somewhere.box;
      if (far > given.seen) assert.equal(Math.round(scrolled(somewhere, box - given.seen, given).top), most);
    }),
  );
});

test('property: a wheel moves rows by as many pixels as the box, and gets to the end of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300_000, max: 30_000_000 }), fc.integer({ min: 20, max: 600 }), (rows, wheel) => {
      const given = { rows, seen: 600 };
      let at: Scroll = scrollTo(rows - 600 - 20_000, given);
      for (let turn = 0; at.top < rows - 600; turn++) {
        assert.ok(turn < 2000, 'it ends');
        const box = Math.min(at.box + wheel, boxHeight(given) - 600);
        const next = scrolled(at, box, given);
        // Never further than a view beyond what the wheel did, so that no row is passed by unseen.
        const beyond = next.top - Math.min(at.top + box - at.box, rows - 600);
        assert.ok(next.top > at.top && beyond >= 0 && beyond <= 600, `${beyond}`);
        at = isAtWrongEnd(next, given) ? scrollTo(next.top, given) : next;
      }
    }),
  );
});
