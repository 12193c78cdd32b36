// Words that came with the page, filled in and put into elements.

export function filled(text, details) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => details[name]);
}

export function made(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
