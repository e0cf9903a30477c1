// Building and updating elements. Text goes in as text, never as markup.

/**
 * An element.
 *
 * @param name its tag
 * @param attributes null leaves an attribute out
 * @param children elements and texts
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Renders a part of the page again only when what it shows has changed, so that a reader's focus
 * and selection stay where they are.
 */
export class Part {
  #shown;

  constructor(element) {
    this.element = element;
  }

  show(data, render) {
    const text = JSON.stringify(data);
    if (text === this.#shown) {
      return;
    }
    this.#shown = text;
    const focused = this.element.contains(document.activeElement)
        ? document.activeElement.dataset.key : undefined;
    this.element.replaceChildren(...render(data));
    if (focused !== undefined) {
      const again = [...this.element.querySelectorAll("[data-key]")]
          .find((each) => each.dataset.key === focused);
      again?.focus({ preventScroll: true });
    }
  }
}
