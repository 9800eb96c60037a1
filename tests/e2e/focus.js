// What Tab should reach, in its order, and how it looks without the focus; and what the focus looks like where it is.
(() => {
  const LOOK = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderTopColor", "borderBottomColor", "backgroundColor", "textDecorationLine"];
  const looks = (element) => {
    const around = [[element, null], [element, "::before"], [element, "::after"], [element.parentElement, null], [element.parentElement?.parentElement, null], [element.nextElementSibling, null]];
    return around.filter(([each]) => each).map(([each, part]) => {
      const style = getComputedStyle(each, part);
      return LOOK.map((name) => style[name]).join(" ") + (style.outlineStyle === "none" ? "" : "ring");
    });
  };
  const named = (element) => {
    const text = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim().replace(/\s+/g, " ");
    return `${element.localName}${element.id ? "#" + element.id : ""}.${[...element.classList].join(".")} “${text.slice(0, 40)}”`;
  };
  const reachable = () => {
    const radios = new Set();
    const found = [];
    for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
      if (element.tabIndex < 0 || element.matches(":disabled, input[type=hidden], [inert], [inert] *")) continue;
      if (!element.checkVisibility({visibilityProperty: true}) || !element.getClientRects().length) continue;
      if (element.matches("input[type=radio]")) {
        const group = `${element.form?.id}|${element.name}`;
        if (radios.has(group)) continue;
        radios.add(group);
      }
      found.push(element);
    }
    return found;
  };
  window.lookAtFocus = {
    begin() {
      // From the very beginning, also where a field has taken the focus by itself.
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
      window.scrollTo({top: 0, behavior: "instant"});
      this.before = new Map();
      this.left = new Set(reachable());
      for (const element of this.left) this.before.set(element, looks(element));
      this.names = [...this.left].map(named);
      return this.left.size;
    },
    // {done, name, wrong}: what has the focus now, and what is wrong about it.
    step() {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return {done: true};
      if (element.matches("input[type=radio]"))
        for (const each of this.left) if (each.name === element.name && each.form === element.form) this.left.delete(each);
      // A date is several steps within one field.
      const stays = element === this.last;
      this.last = element;
      const again = !stays && this.before.has(element) && !this.left.has(element) && !element.matches("input[type=radio]");
      this.left.delete(element);
      const wrong = [];
      const before = this.before.get(element);
      if (before && looks(element).join("|") === before.join("|")) wrong.push("no ring is seen");
      const box = element.getBoundingClientRect();
      // WCAG 2.4.11: not wholly hidden behind what others put there.
      const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
      const own = (hit) => hit && (element.contains(hit) || hit.contains(element) || element.labels && [...element.labels].some((label) => label.contains(hit)));
      if (box.width > 1 && box.height > 1 && !points.some(([x, y]) => own(document.elementFromPoint(x, y)))) {
        const [x, y] = points[0];
        const hit = document.elementFromPoint(x, y);
        wrong.push(`hidden ${hit ? "behind " + named(hit) : `outside the window, at ${Math.round(x)}, ${Math.round(y)}`}`);
      }
      return {done: false, again, name: named(element), wrong};
    },
    missed() { return [...this.left].map(named); },
  };
})()
