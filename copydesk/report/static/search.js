// Search the index that lies beside this page in scripts; nothing else is asked.
"use strict";

const SHOWN = 20; // answers of each kind, until more are asked for
const MOST_SHARDS = 8; // that one beginning of a word may load, beside one of each volume
const KINDS = ["People", "Articles", "Quotations"];
const LETTERS = /[\p{L}\p{N}]+/gu;

const loading = new Map(); // name of a script -> promise of what it holds
const arrived = new Map(); // name of a script -> what to do with what it holds
let asked = 0; // number of the newest question: older ones show nothing any more

// What the scripts of the index call.
function begin(name, value) { arrived.get(name)(value); }
function found(name, value) { arrived.get(name)(value); }
function entries(name, value) { arrived.get(name)(value); }

function load(name) {
  if (!loading.has(name)) {
    loading.set(name, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      arrived.set(name, resolve);
      script.src = `search/${name}.js`;
      script.onload = () => script.remove();
      script.onerror = () => reject(new Error(name));
      document.head.append(script);
    }));
  }
  return loading.get(name);
}

function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC");
}

// Return the volumes of the index, the best answers first: a name, and what it says of itself.
async function loadVolumes() {
  const names = await load("index");
  return Promise.all(names.map(async (name) => ({ name, ...await load(name) })));
}

// Return for each volume the numbers of its entries with a word that begins with `prefix`, and
// whether there are more.
async function lookUp(prefix, volumes) {
  let more = MOST_SHARDS;
  let isCut = false;
  const shards = volumes.map(({ name, firsts, words }) => {
    const wanted = [];
    const first = Math.max(firsts.findLastIndex((word) => word <= prefix), 0);
    for (let i = first; i < firsts.length; i += 1) {
      if (i > first && !firsts[i].startsWith(prefix)) break;
      if (i > first && more-- <= 0) { isCut = true; break; }
      wanted.push(load(`${name}-${words + i}`));
    }
    return wanted;
  });
  const numbers = await Promise.all(shards.map(async (wanted) => {
    const of = new Set();
    for (const shard of await Promise.all(wanted)) {
      for (const [word, n, ...steps] of shard) {
        if (!word.startsWith(prefix)) continue;
        isCut ||= n > steps.length;
        let number = 0;
        for (const step of steps) { number += step; of.add(number); }
      }
    }
    return of;
  }));
  return { numbers, isCut };
}

// Return the numbers that are in all sets, in order.
function intersect(sets) {
  const [least, ...others] = [...sets].sort((a, b) => a.size - b.size);
  return [...least].filter((number) => others.every((each) => each.has(number))).sort((a, b) => a - b);
}

async function ask(text) {
  const mine = asked += 1;
  const words = [...new Set(fold(text).match(LETTERS) ?? [])].map((word) => [...word].slice(0, 24).join("")).filter((word) => word.length > 1).slice(0, 8);
  history.replaceState(null, "", text ? `#q=${encodeURIComponent(text)}` : "#");
  if (!words.length) return show("", []);
  try {
    const volumes = await loadVolumes();
    const each = await Promise.all(words.map((word) => lookUp(word, volumes)));
    if (mine !== asked) return undefined;
    const places = volumes.flatMap((volume, i) => intersect(each.map(({ numbers }) => numbers[i])).map((number) => ({ volume, number })));
    const groups = KINDS.map((kind, i) => ({
      kind,
      places: places.filter(({ volume: { ends }, number }) => number < ends[i] && number >= (i ? ends[i - 1] : 0)),
    }));
    const counted = `${places.length.toLocaleString("en")} ${places.length === 1 ? "answer" : "answers"}`;
    const cut = each.some(({ isCut }) => isCut) ? "; some of these words are so frequent that only their first entries were looked at" : "";
    return show(counted + cut, groups);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return show(`The index cannot be read: search/${error.message}.js is missing or damaged.`, []);
  }
}

async function show(state, groups) {
  const mine = asked;
  const sections = await Promise.all(groups.filter(({ places }) => places.length).map(section));
  if (mine !== asked) return;
  document.getElementById("state").textContent = state;
  document.getElementById("answers").replaceChildren(...sections);
}

async function section({ kind, places }) {
  const whole = make("section", "");
  const heading = make("h2", kind);
  heading.append(" ", make("span", places.length.toLocaleString("en"), "n"));
  const list = make("ul", "", "answers");
  whole.append(heading, list);
  let shown = 0;
  async function more() {
    const next = places.slice(shown, shown + SHOWN);
    list.append(...await Promise.all(next.map((place) => answer(place, kind))));
    shown += next.length;
  }
  await more();
  if (shown < places.length) {
    const button = make("button", "Show more");
    button.type = "button";
    button.addEventListener("click", async () => {
      await more();
      if (shown >= places.length) button.remove();
    });
    whole.append(button);
  }
  return whole;
}

async function answer({ volume, number }, kind) {
  const part = Math.floor(number / volume.entries);
  const [title, note, path] = (await load(`${volume.name}-${part + 2}`))[number - part * volume.entries];
  const item = make("li", "");
  const link = make("a", kind === "Quotations" ? `“${title}”` : title);
  link.href = path;
  item.append(link, make("span", note, "sub"));
  return item;
}

function make(tag, text, kind) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

let timer = 0;
const input = document.getElementById("words");
input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => ask(input.value), 150);
});
document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask(input.value);
});
input.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
if (input.value) ask(input.value);
