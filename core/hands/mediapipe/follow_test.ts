import assert from "node:assert/strict";
import { HandBook, isSameHand, isWithin, moved, withoutSlipped } from "./follow.ts";
import type { HandReading } from "./networks.ts";

/** A hand of straight fingers about a place, 100 pixels long. */
function reading(x: number, y: number, right = 0.9): HandReading {
  const landmarks = new Float32Array(63);
  for (let index = 0; index < 21; index++) {
    const finger = index === 0 ? 2 : Math.floor((index - 1) / 4);
    const joint = index === 0 ? 0 : (index - 1) % 4 + 1;
    landmarks.set([x + 20 * (finger - 2), y - 25 * joint, 0], 3 * index);
  }
  return { presence: 1, right, landmarks, world: undefined };
}

function seen(book: HandBook, x: number, y: number) {
  const found = reading(x, y);
  return { hand: book.enter(found), reading: found };
}

Deno.test("each new hand has a new id, and none is used again", () => {
  const book = new HandBook();
  const [first, second] = [seen(book, 100, 200), seen(book, 600, 200)];
  assert.deepEqual([first.hand.id, second.hand.id], [0, 1]);
  book.turn([first.hand, second.hand]);
  book.clear();
  assert.equal(seen(book, 100, 200).hand.id, 2);
});

Deno.test("a hand that is found again where it was lost keeps its id, for a while", () => {
  for (const [pictures, id] of [[10, 0], [20, 1]] as const) {
    const book = new HandBook();
    book.turn([seen(book, 100, 200).hand]);
    for (let count = 0; count < pictures; count++) book.turn([]);
    assert.equal(seen(book, 110, 205).hand.id, id, `after ${pictures} pictures`);
  }
});

Deno.test("a hand that is found elsewhere is another hand", () => {
  const book = new HandBook();
  book.turn([seen(book, 100, 200).hand]);
  book.turn([]);
  assert.equal(seen(book, 700, 200).hand.id, 1);
});

Deno.test("a hand that is lost can be taken up again in the same picture", () => {
  const book = new HandBook();
  const { hand } = seen(book, 100, 200);
  book.turn([hand]);
  book.lose(hand);
  const again = seen(book, 105, 200).hand;
  assert.equal(again.id, 0);
  book.turn([again]);
  book.turn([]);
  // It is lost once, not twice.
  assert.deepEqual(book.save().lost.map(({ id }) => id), [0]);
});

Deno.test("two hands that are found where one was lost do not share its id", () => {
  const book = new HandBook();
  const { hand } = seen(book, 100, 200);
  book.turn([hand]);
  book.lose(hand);
  book.turn([]);
  assert.deepEqual([seen(book, 105, 200).hand.id, seen(book, 115, 200).hand.id], [0, 1]);
});

Deno.test("of two that slipped onto one hand the one that moved least stays", () => {
  const book = new HandBook();
  const [one, two] = [seen(book, 100, 200), seen(book, 400, 200)];
  book.turn([one.hand, two.hand]);
  const here = reading(401, 200);
  const slipped = { hand: moved(one.hand, here), reading: here };
  const stayed = { hand: moved(two.hand, reading(400, 200)), reading: reading(400, 200) };
  assert.ok(isSameHand(slipped, stayed));
  const kept = withoutSlipped([slipped, stayed], book.followed);
  assert.deepEqual(kept.map(({ hand }) => hand.id), [1]);
});

Deno.test("hands that cross are not one hand", () => {
  const book = new HandBook();
  const [one, two] = [seen(book, 100, 200), seen(book, 100, 200)];
  const turned = one.reading.landmarks.map((value, at) => at % 3 === 0 ? 200 - value : value);
  for (let at = 1; at < 63; at += 3) turned[at] = 300 - turned[at]!;
  assert.ok(!isSameHand({ ...one, reading: { ...one.reading, landmarks: turned } }, two));
});

Deno.test("the side of a hand is that of most readings, not of the last", () => {
  const book = new HandBook();
  let { hand } = seen(book, 100, 200);
  for (let count = 0; count < 9; count++) hand = moved(hand, reading(100, 200, 0.9));
  hand = moved(hand, reading(100, 200, 0.1));
  assert.ok(Math.abs(hand.right! - (10 * 0.9 + 0.1) / 11) < 1e-12);
});

Deno.test("a smaller hand within a hand is part of it, one beside it is not", () => {
  const book = new HandBook();
  const whole = seen(book, 300, 300);
  const scaled = (share: number, x: number) => {
    const { landmarks } = reading(0, 0);
    const points = landmarks.map((value, at) => value * share + [x, 290, 0][at % 3]!);
    return { ...reading(0, 0), landmarks: points };
  };
  assert.ok(isWithin(scaled(0.5, 300), [whole]));
  assert.ok(isWithin(scaled(1.1, 305), [whole]));
  // Half of it lies beside the hand.
  assert.ok(!isWithin(scaled(0.5, 340), [whole]));
  assert.ok(!isWithin(scaled(1, 400), [whole]));
});
