import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { LostSightings } from './lost-sightings.ts';

test('sightings that are lost are told at once, then together every ten seconds', () => {
  const clock = manualScheduler(0);
  const news: string[] = [];
  const lost = new LostSightings(clock, (text) => news.push(text));
  for (let batch = 0; batch < 100; batch++) {
    lost.add(2, 'away');
    clock.advance(20);
  }
  assert.deepEqual(news, ['register: 2 sightings were not recorded: away']);
  clock.advance(10_000);
  lost.add(1, 'still away');
  assert.deepEqual(news.slice(1), ['register: 199 sightings were not recorded: still away']);
});
