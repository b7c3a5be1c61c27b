/** Items between two breaks: few enough that Ctrl-C is heard at once, many enough that breaks cost nothing. */
const ITEMS_BETWEEN_BREAKS = 8;

/**
 * Passes items on and lets other events, such as Ctrl-C, come between them.
 *
 * Work that never waits for anything but promises keeps every other event out: a native decoder and a network that run
 * on the spot never wait for anything else.
 */
export async function* responsive<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
): AsyncGenerator<Item> {
  let count = 0;
  for await (const item of items) {
    yield item;
    if (++count % ITEMS_BETWEEN_BREAKS === 0) await new Promise((go) => setTimeout(go, 0));
  }
}
