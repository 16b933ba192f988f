/* Search: places (sections, rows of ledgers, terms) that hold all words asked for. `PLACES` is written by the build. */
"use strict";

const MOST = 60; // places shown
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
const wordsOf = (text) => plain(text).split(/[^\p{L}\p{N}_.%+-]+/u).filter(Boolean);
const lowered = PLACES.map(([, title, page, text]) => [plain(`${title} ${page}`), plain(text)]);

/* A word in the title counts most; then how often the words stand in the text, for its length. */
function score(words, [title, text]) {
  let sum = 0;
  for (const word of words) {
    const inText = text.split(word).length - 1;
    if (!inText && !title.includes(word)) return 0;
    sum += (title.includes(word) ? 6 : 0) + Math.min(inText, 4) + (200 * inText) / (400 + text.length);
  }
  return sum;
}

/* The text around the first word found, with all words marked. */
function excerpt(text, words) {
  const low = plain(text);
  const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), text.length);
  const start = Math.max(0, first === text.length ? 0 : first - 70);
  const piece = (start ? "… " : "") + text.slice(start, start + 220) + (start + 220 < text.length ? " …" : "");
  const line = document.createElement("p");
  let rest = piece;
  while (rest) {
    const here = plain(rest);
    const found = words.map((word) => [here.indexOf(word), word.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0])[0];
    if (!found) break;
    const mark = document.createElement("mark");
    mark.textContent = rest.slice(found[0], found[0] + found[1]);
    line.append(rest.slice(0, found[0]), mark);
    rest = rest.slice(found[0] + found[1]);
  }
  line.append(rest);
  return line;
}

function find(asked) {
  const words = wordsOf(asked);
  const places = words.length ? PLACES.map((place, i) => [score(words, lowered[i]), place]).filter(([s]) => s) : [];
  places.sort((a, b) => b[0] - a[0]);
  document.getElementById("told").textContent = !words.length ? "" :
    places.length > MOST ? `${places.length} places, the best ${MOST} shown` : `${places.length} places`;
  document.getElementById("places").replaceChildren(...places.slice(0, MOST).map(([, [address, title, page, text]]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title === page ? title : `${title} – ${page}`;
    item.append(link, excerpt(text, words));
    return item;
  }));
}

const field = document.getElementById("asked");
field.value = new URLSearchParams(location.search).get("q") ?? "";
field.addEventListener("input", () => find(field.value));
find(field.value);
