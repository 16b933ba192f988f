/* Search: places (sections, rows of ledgers, terms) that hold all words asked for. `PLACES` is written by the build. */
"use strict";

const MOST = 60; // places shown
const HEAD = 150; // letters at its beginning in which a place says what it is
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
const wordsOf = (text) => plain(text).split(/[^\p{L}\p{N}_.%+-]+/u).filter(Boolean);
// Words of questions, which stand on every page and say nothing of what is looked for.
const EMPTY = new Set("a about an and are at by can do does find for from get how i in is it my of on or the to what where which who why with".split(" "));
const lowered = PLACES.map(([, title, page, text]) => [plain(`${title} ${page}`), plain(text)]);

/* Each word asked for, without its ending, as it begins a word (NET finds Km_NET_NE, not network before it), and as it is one. */
function patterns(asked) {
  const all = wordsOf(asked);
  const telling = all.filter((word) => !EMPTY.has(word));
  return (telling.length ? telling : all).map((word) => {
    const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/^(nor)?(?:epinephrine|adrenaline)/, "$1(?:epinephrine|adrenaline)");
    const begins = `(?<![\\p{L}\\p{N}])${literal(word.replace(/(?<=[a-z]{3})(?:ing|(?<![siu])s)$/, ""))}`;
    const whole = `(?<![\\p{L}\\p{N}])${literal(word)}(?![\\p{L}\\p{N}])`;
    return [new RegExp(/^\d+$/.test(word) ? whole : begins, "gu"), new RegExp(whole, "u")];  // 3 is not the beginning of 31
  });
}

/* What was asked as a phrase counts most, the more where a place says what it is; then a word in the title, a whole one twice;
   then how often the words stand in the text, for its length. What has changed is seldom what is looked for. */
function score(words, phrase, [title, text], all) {
  const at = text.indexOf(phrase);
  let sum = words.length > 1 ? (title.includes(phrase) ? 20 : 0) + (at < 0 ? 0 : at < HEAD ? 16 : 8) : 0;
  for (const [begins, whole] of words) {
    const inText = text.match(begins)?.length ?? 0, inTitle = title.match(begins) !== null;
    if (!inText && !inTitle) {
      if (all) return 0;
      continue;
    }
    sum += (inTitle ? (whole.test(title) ? 12 : 6) : 0) + (whole.test(text) ? 2 : 0) + Math.min(inText, 4) + (200 * inText) / (400 + text.length);
    if (!all) sum += 100;  // who has more of the words comes first
  }
  return title.endsWith("changelog") ? sum / 2 : sum;
}

/* The text around the first word found, with all words marked. */
function excerpt(text, words) {
  const low = plain(text);
  const first = Math.min(...words.map(([begins]) => low.search(begins)).filter((at) => at >= 0), text.length);
  const start = Math.max(0, first === text.length ? 0 : first - 70);
  const piece = (start ? "… " : "") + text.slice(start, start + 220) + (start + 220 < text.length ? " …" : "");
  const line = document.createElement("p");
  const here = plain(piece);
  const found = words.flatMap(([begins]) => [...here.matchAll(begins)].map((one) => [one.index, one.index + one[0].length]));
  let at = 0;
  for (const [from, to] of found.sort((a, b) => a[0] - b[0])) {
    if (from < at) continue;
    const mark = document.createElement("mark");
    mark.textContent = piece.slice(from, to);
    line.append(piece.slice(at, from), mark);
    at = to;
  }
  line.append(piece.slice(at));
  return line;
}

function find(asked) {
  const words = patterns(asked), phrase = plain(asked).trim();
  const ranked = (all) => PLACES.map((place, i) => [score(words, phrase, lowered[i], all), place]).filter(([s]) => s).sort((a, b) => b[0] - a[0]);
  const whole = words.length ? ranked(true) : [];
  const places = whole.length || words.length < 2 ? whole : ranked(false);
  const count = places.length === 1 ? "1 place" : `${places.length} places`;
  const some = places === whole ? "" : "No place has all of these words; these have the most of them. ";
  document.getElementById("told").textContent = !words.length ? "" : some + (places.length > MOST ? `${count}, the best ${MOST} shown` : count);
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
if (!field.value) field.focus();
