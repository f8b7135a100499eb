// Which lines of a long list stand near its window. A line's height is what it was when it was last an
// element, else a guess; the lines before and after are room without elements. Used by list.js.

const kGuess = { row: 52, group: 28 };
const kMargin = 900;  // px beyond the window that are elements too

export class Viewport {
  lines = [];
  first = 0;
  last = 0;
  #scroller;
  #heights = new Map();  // key -> px
  #places = new Map();   // key -> index
  #before = 0;           // px of the lines that are no elements
  #drawn = 0;

  constructor(scroller) { this.#scroller = scroller; }

  take(lines) {
    this.lines = lines;
    this.#places = new Map(lines.map((line, index) => [line.key, index]));
    if (this.#heights.size > 4 * lines.length + 1000) this.#heights.clear();
  }
  indexOf(key) { return this.#places.get(key) ?? -1; }

  #heightOf(line) { return this.#heights.get(line.key) ?? (line.group ? kGuess.group : kGuess.row); }
  #sum(from, to) {
    let px = 0;
    for (let i = from; i < to; ++i) px += this.#heightOf(this.lines[i]);
    return px;
  }

  /// first and last for where the scroller stands.
  choose() {
    const top = this.#scroller.scrollTop - kMargin;
    const bottom = this.#scroller.scrollTop + this.#scroller.clientHeight + kMargin;
    let at = 0;
    let y = 0;
    while (at < this.lines.length && y + this.#heightOf(this.lines[at]) < top) y += this.#heightOf(this.lines[at++]);
    this.first = at;
    this.#before = y;
    while (at < this.lines.length && y < bottom) y += this.#heightOf(this.lines[at++]);
    this.last = at;
  }

  /// Near the end of what stands there?
  leaves() {
    const { scrollTop, clientHeight } = this.#scroller;
    return (this.first > 0 && scrollTop < this.#before + kMargin / 3)
      || (this.last < this.lines.length && scrollTop + clientHeight > this.#before + this.#drawn - kMargin / 3);
  }

  /// The topmost line that is seen, and where: it stays there.
  anchor(elements) {
    for (const [key, { tr }] of elements)
      if (this.#places.has(key) && tr.offsetTop + tr.offsetHeight > this.#scroller.scrollTop)
        return { key, from: tr.offsetTop - this.#scroller.scrollTop };
    return null;
  }

  /// Makes room for the lines that are no elements, and remembers how high the others are.
  place(table, elements, anchor) {
    table.style.paddingTop = `${this.#before}px`;
    table.style.paddingBottom = `${this.#sum(this.last, this.lines.length)}px`;
    this.#drawn = 0;
    for (let i = this.first; i < this.last; ++i) {
      const { key } = this.lines[i];
      const height = elements.get(key).tr.offsetHeight;
      if (height > 0) this.#heights.set(key, height);
      this.#drawn += height;
    }
    const tr = anchor && elements.get(anchor.key)?.tr;
    if (tr && tr.offsetTop - this.#scroller.scrollTop !== anchor.from) this.#scroller.scrollTop = tr.offsetTop - anchor.from;
  }

  /// Scrolls where line `at` is not within reach of a window that draws it; says whether it did.
  bring(at) {
    if (at >= this.first && at < this.last) return false;
    const y = this.#sum(0, at);
    const { scrollTop, clientHeight } = this.#scroller;
    this.#scroller.scrollTop = y < scrollTop ? y - 30 : y - clientHeight + 80;
    return true;
  }
}
