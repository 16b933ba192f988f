"use strict";
// A guess on a page: compared with the lesson's answer as the notebook does it. What follows is covered till then, unless a
// reader wants to see all.
{
  const KEY = "cover";  // of what the browser remembers
  const forms = [...document.querySelectorAll("form.guess")], label = document.querySelector(".cover");
  let kept = true;  // also where there is nothing to remember in
  try { kept = localStorage.getItem(KEY) !== "no"; } catch {}

  // As `nbmodel.exercises.questions` says how far a guess is off.
  function comment(guess, {found, beside, share, why, well, nothing}) {
    if (Math.abs(guess - found) <= Math.max(well * Math.abs(found), nothing * beside)) return `Well guessed. ${why}`;
    if (guess * found < 0) return `It is the other way round. ${why}`;
    if (guess * found === 0) return why;
    const large = guess / found > 1, factor = large ? guess / found : found / guess, side = large ? "large" : "small";
    if (share && Math.abs(factor / 100 - 1) <= well) {
      return `A hundred times too ${side}: the figures are near, the unit is not. ${why}`;
    }
    return `The guess is ${Number(factor.toPrecision(2))} times too ${side}. ${why}`;
  }

  // All that stands between a guess and the next one. A guess asked before the first section covers the sections up to that
  // which asks again.
  function following(form) {
    const found = [], asks = part => part.matches("form.guess") || part.querySelector("form.guess");
    for (let next = form.nextElementSibling; next && !asks(next); next = next.nextElementSibling) found.push(next);
    return found;
  }

  function cover(form, yes) {
    const parts = following(form), aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const covered = yes && !form.dataset.guessed && !parts.some(part => part.contains(aim));  // who follows a link gets there
    for (const part of parts) part.classList.toggle("covered", covered);
    form.querySelector(".waits").hidden = !covered;
  }

  function show(form) {
    form.dataset.guessed = "yes";
    cover(form, false);
  }

  for (const form of forms) {
    const answer = JSON.parse(form.dataset.answer), said = form.querySelector(".said");
    form.addEventListener("submit", event => {
      event.preventDefault();
      const typed = form.querySelector("[name=guess]").value.trim(), guess = Number(typed.replace(",", "."));
      if (typed === "" || !Number.isFinite(guess)) {
        said.textContent = "Type a number, such as 1.5.";
        return;
      }
      said.textContent = `Your guess: ${typed}. ${answer.told} ${comment(guess, answer)}`;
      show(form);
    });
    const [one, all] = form.querySelectorAll(".waits button");
    one.addEventListener("click", () => show(form));
    all.addEventListener("click", () => choose(false));
    form.hidden = false;
  }

  function coverAll(yes) {
    if (label) label.firstElementChild.checked = yes;
    for (const form of forms) cover(form, yes);
  }

  function choose(yes) {
    coverAll(kept = yes);
    try { localStorage.setItem(KEY, yes ? "yes" : "no"); } catch {}
  }

  if (label) {
    label.hidden = false;
    label.addEventListener("change", event => choose(event.target.checked));
  }
  coverAll(kept);
  addEventListener("hashchange", () => coverAll(kept));
}
