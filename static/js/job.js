// Keeps the page of a job up to date until it has ended. Without it a link on the page does the same.

const PAUSE = 2000; // milliseconds between two looks

async function look() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  show(page, "job");
  if (hasEnded()) show(page, "job-actions");
}

// Replace a part of the page by its present state; what says the same stays, so that nothing is read out.
function show(page, id) {
  const now = document.getElementById(id);
  const next = page.getElementById(id);
  if (next && next.outerHTML !== now.outerHTML) {
    now.replaceChildren(...next.childNodes);
    Object.assign(now.dataset, next.dataset);
  }
}

function hasEnded() {
  return document.getElementById("job").dataset.ended === "yes";
}

async function follow() {
  while (!hasEnded()) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    await look().catch(() => {}); // no line now: the next look may find one
  }
}

follow();
