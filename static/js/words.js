// Words that came with the page, filled in and put into elements.

export function filled(text, details) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => details[name]);
}

// Return a text with a number, in the plural of the language.
export function counted(texts, count, locale) {
  const text = texts[new Intl.PluralRules(locale).select(count)] ?? texts.other;
  return filled(text, { count: new Intl.NumberFormat(locale, { numberingSystem: "latn" }).format(count) });
}

// Return the time of a moment where the reader is; with the day, if that is not today.
export function timeOf(moment, locale, today = new Date()) {
  const at = new Date(moment);
  const how = { hour: "2-digit", minute: "2-digit", numberingSystem: "latn", hourCycle: "h23" };
  const isToday = at.toDateString() === today.toDateString();
  return new Intl.DateTimeFormat(locale, isToday ? how : { ...how, day: "numeric", month: "long" }).format(at);
}

export function made(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
