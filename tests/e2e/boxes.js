// Looks at how everything lies on the page and returns what is cut off, overlaps, or lies where nobody sees it.
// {overlays, spilled}: selectors of what floats on purpose, and of what may be wider than its box.
({overlays, spilled}) => {
  const EDGE = 1.5; // px that rounding may cost
  const found = [];
  const modal = [...document.querySelectorAll("dialog:modal")].pop();
  const root = modal ?? document.body;
  const wide = document.documentElement.clientWidth;
  const high = window.innerHeight;
  const styles = new WeakMap();
  const style = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const kindOf = (element) => {
    const kind = element.localName + (element.id ? `#${element.id}` : "");
    return kind + [...element.classList].slice(0, 3).map((word) => `.${word}`).join("");
  };
  const name = (element) => {
    const text = (element.getAttribute("aria-label") || element.textContent || element.value || "").trim();
    return `${element.parentElement ? kindOf(element.parentElement) + " > " : ""}${kindOf(element)} “${text.replace(/\s+/g, " ").slice(0, 50)}”`;
  };
  const say = (rule, element, fact) => found.push({rule, element: name(element), fact});

  // Kept for screen readers alone: clipped to nothing.
  const hidden = new WeakMap();
  const isHidden = (element) => {
    if (!element || element === document.documentElement) return false;
    if (!hidden.has(element)) {
      const own = style(element);
      const clipped = own.clipPath === "inset(50%)" || own.clip === "rect(0px, 0px, 0px, 0px)";
      hidden.set(element, clipped || own.opacity === "0" || isHidden(element.parentElement));
    }
    return hidden.get(element);
  };
  const isShown = (element) =>
    element.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) && !isHidden(element) && !element.closest(".skip:not(:focus)");

  // What floats above the page: fixed, stuck to its foot, or declared. Its root is compared with its own content alone.
  const layers = new WeakMap();
  const layer = (element) => {
    if (!element || element === document.documentElement) return null;
    if (!layers.has(element)) {
      const own = style(element);
      const floats = own.position === "fixed" || (own.position === "sticky" && own.bottom !== "auto") || element.matches(overlays);
      layers.set(element, floats ? element : layer(element.parentElement));
    }
    return layers.get(element);
  };
  const innerBox = (element) => {
    const box = element.getBoundingClientRect();
    const left = box.left + element.clientLeft, top = box.top + element.clientTop;
    return {left, top, right: left + element.clientWidth, bottom: top + element.clientHeight};
  };
  const isOneOf = (value, ...words) => words.includes(value);

  // What becomes of a thing's boxes on the way up to the page: what cuts them off, the part that is left to see, and
  // whether the rest can be scrolled to or an ellipsis stands for it.
  const shownPart = (element, boxes) => {
    let ellipsis = false, clamp = false, sideways = true, upright = true, position = style(element).position, cut = "";
    const part = {left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity};
    for (let above = element; above && above !== document.documentElement; above = above.parentElement) {
      const own = style(above);
      if (above !== element && position === "absolute" && own.position === "static" && own.transform === "none") continue;
      if (above !== element && own.position !== "static") position = own.position;
      ellipsis ||= own.textOverflow === "ellipsis";
      clamp ||= own.webkitLineClamp !== "none";
      if (own.overflowX === "visible" && own.overflowY === "visible") continue;
      const inner = innerBox(above);
      const narrows = above !== document.body && own.display !== "inline" && inner.right > inner.left;
      if (narrows && own.overflowX !== "visible") {
        part.left = Math.max(part.left, inner.left);
        part.right = Math.min(part.right, inner.right);
        const worst = Math.max(...boxes.map((box) => Math.max(inner.left - box.left, box.right - inner.right)));
        if (isOneOf(own.overflowX, "auto", "scroll")) sideways = false;
        else if (sideways && !ellipsis && worst > EDGE) cut ||= `${Math.round(worst)} px cut off at the side by ${kindOf(above)}`;
      }
      if (narrows && own.overflowY !== "visible") {
        part.top = Math.max(part.top, inner.top);
        part.bottom = Math.min(part.bottom, inner.bottom);
        const beyond = boxes.some((box) => {
          const middle = (box.top + box.bottom) / 2, half = (box.bottom - box.top) * .28;
          return middle - half < inner.top - EDGE || middle + half > inner.bottom + EDGE;
        });
        if (isOneOf(own.overflowY, "auto", "scroll")) upright = false;
        else if (upright && !clamp && beyond) cut ||= `cut off above or below by ${kindOf(above)}`;
      }
      if (position === "fixed") break;
    }
    const within = (box) => ({
      left: Math.max(box.left, part.left), right: Math.min(box.right, part.right),
      top: Math.max(box.top, part.top), bottom: Math.min(box.bottom, part.bottom),
    });
    return {cut, within, free: sideways && !ellipsis};
  };

  // All texts and controls with their boxes. A line's box is taller than its letters: its middle half counts.
  const things = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, option, textarea, title, desc") || !isShown(element)) continue;
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) continue;
    const {cut, within, free} = shownPart(element, boxes);
    if (cut) say("cut off", element, cut);
    if (free && !cut) {
      for (const box of boxes)
        if (box.left < -EDGE || box.right > wide + EDGE) {
          say("outside", element, `from ${Math.round(box.left)} to ${Math.round(box.right)} of ${wide} px`);
          break;
        }
      let block = element;
      while (style(block).display === "inline" || style(block).display === "contents") block = block.parentElement;
      const own = block.getBoundingClientRect();
      if (!(block instanceof SVGElement) && !block.matches(spilled))
        for (const box of boxes)
          if (box.left < own.left - EDGE || box.right > own.right + EDGE) {
            say("spilled", element, `${Math.round(Math.max(own.left - box.left, box.right - own.right))} px beyond ${kindOf(block)}`);
            break;
          }
    }
    for (const box of boxes) {
      const quarter = box.height / 4;
      things.push({element, node, ...within({left: box.left, right: box.right, top: box.top + quarter, bottom: box.bottom - quarter})});
    }
  }
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
  const context = document.createElement("canvas").getContext("2d");
  for (const element of root.querySelectorAll(CONTROLS)) {
    if (!isShown(element)) continue;
    const own = style(element);
    const typed = element.matches("input:not([type=checkbox], [type=radio], [type=file], [type=color]), textarea, select");
    for (const box of element.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      // A field may have an icon or a unit in its padding.
      const [start, end] = typed ? [parseFloat(own.paddingLeft), parseFloat(own.paddingRight)] : [0, 0];
      const {within, free} = shownPart(element, [box]);
      if (free && (box.left < -EDGE || box.right > wide + EDGE))
        say("outside", element, `from ${Math.round(box.left)} to ${Math.round(box.right)} of ${wide} px`);
      things.push({element, ...within({left: box.left + start, right: box.right - end, top: box.top + 2, bottom: box.bottom - 2})});
    }
    if (!typed || element.localName !== "input") continue;
    // A great number scrolls within its field; what is usual has to be seen whole.
    if (element.matches("[inputmode=decimal], [inputmode=numeric]") && element.value.length <= 9 && element.scrollWidth > element.clientWidth + EDGE)
      say("cut off", element, `${element.value} is ${element.scrollWidth} px in a field of ${element.clientWidth}`);
    if (element.placeholder && !element.value) {
      context.font = `${own.fontWeight} ${own.fontSize} ${own.fontFamily}`;
      const needs = context.measureText(element.placeholder).width;
      const has = element.clientWidth - parseFloat(own.paddingLeft) - parseFloat(own.paddingRight);
      if (needs > has + 2 && own.textOverflow !== "ellipsis")
        say("cut off", element, `the placeholder “${element.placeholder}” needs ${Math.round(needs)} px of ${Math.round(has)}`);
    }
  }

  // The page itself scrolls downwards only.
  const beyond = document.documentElement.scrollWidth - wide;
  if (beyond > EDGE) {
    const widest = [...root.querySelectorAll("*")].filter((each) => isShown(each) && !layer(each))
      .map((each) => [Math.max(each.getBoundingClientRect().right - wide, -each.getBoundingClientRect().left), each])
      .sort((one, other) => other[0] - one[0])[0];
    say("scrolls sideways", widest?.[1] ?? document.body, `by ${Math.round(beyond)} px`);
  }

  // What floats has to be within the window.
  for (const thing of things) {
    const above = layer(thing.element);
    if (!above || modal || style(above).position !== "fixed") continue;
    if (thing.top < -EDGE || thing.bottom > high + EDGE) say("outside", thing.element, `from ${Math.round(thing.top)} to ${Math.round(thing.bottom)} of ${high} px, and does not scroll`);
  }

  // Two things in one place.
  const related = (one, other) => one.element === other.element ? one.node === other.node || !one.node || !other.node
    : one.element.contains(other.element) ? !one.node : other.element.contains(one.element) ? !other.node : false;
  const reported = new Set();
  things.sort((one, other) => one.top - other.top);
  things.forEach((one, place) => {
    for (let next = place + 1; next < things.length && things[next].top < one.bottom - EDGE; next++) {
      const other = things[next];
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across <= 2 || down <= 2 || related(one, other)) continue;
      if (layer(one.element) !== layer(other.element)) continue;
      const key = `${name(one.element)}|${name(other.element)}`;
      if (reported.has(key)) continue;
      reported.add(key);
      say("overlap", one.element, `with ${name(other.element)} by ${Math.round(across)} × ${Math.round(down)} px`);
    }
  });

  // At its end the page has to come out from under what is fixed to the foot of the window.
  if (!modal) {
    const at = window.scrollY;
    const docks = new Set(things.map((thing) => layer(thing.element)).filter((above) => above && !above.matches(overlays)));
    window.scrollTo({top: document.documentElement.scrollHeight, behavior: "instant"});
    for (const dock of docks) {
      const box = dock.getBoundingClientRect();
      if (box.bottom < high - 40 || box.height > high / 2) continue;
      for (const thing of things) {
        if (layer(thing.element)) continue;
        const now = thing.element.getBoundingClientRect();
        if (thing.node && now.height > 60) continue; // a text of several lines: its last ones may be elsewhere
        if (now.bottom - 2 > box.top && now.top + 2 < box.bottom && now.left < box.right && now.right > box.left) {
          say("covered", thing.element, `at the page's end by ${kindOf(dock)}`);
          break;
        }
      }
    }
    window.scrollTo({top: at, behavior: "instant"});
  }
  return found;
}
