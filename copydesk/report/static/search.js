// Search the index that lies beside this page in scripts; nothing else is asked.
"use strict";

const SHOWN = 20; // answers of each kind, until more are asked for
const MOST_SHARDS = 8; // that one beginning of a word may load
const KINDS = ["People", "Articles", "Quotations"];
const LETTERS = /[\p{L}\p{N}]+/gu;

const loading = new Map(); // name of a script -> promise of what it holds
const arrived = new Map(); // name of a script -> what to do with what it holds
let about = null;
let asked = 0; // number of the newest question: older ones show nothing any more

// What the scripts of the index call.
function begin(value) { arrived.get("index")(value); }
function found(number, value) { arrived.get(`w${number}`)(value); }
function entries(number, value) { arrived.get(`e${number}`)(value); }

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

// Return the numbers of the entries with a word that begins with `prefix`, and whether there are more.
async function lookUp(prefix) {
  let first = about.firsts.findLastIndex((word) => word <= prefix);
  first = Math.max(first, 0);
  const shards = [];
  for (let i = first; i < about.firsts.length && shards.length < MOST_SHARDS; i += 1) {
    if (i > first && !about.firsts[i].startsWith(prefix)) break;
    shards.push(load(`w${i}`));
  }
  const numbers = new Set();
  let isCut = shards.length === MOST_SHARDS;
  for (const shard of await Promise.all(shards)) {
    for (const [word, n, ...steps] of shard) {
      if (!word.startsWith(prefix)) continue;
      isCut ||= n > steps.length;
      let number = 0;
      for (const step of steps) { number += step; numbers.add(number); }
    }
  }
  return { numbers, isCut };
}

async function ask(text) {
  const mine = asked += 1;
  const words = [...new Set(fold(text).match(LETTERS) ?? [])].map((word) => [...word].slice(0, 24).join("")).filter((word) => word.length > 1).slice(0, 8);
  history.replaceState(null, "", text ? `#q=${encodeURIComponent(text)}` : "#");
  if (!words.length) return show("", []);
  try {
    about ??= await load("index");
    const each = await Promise.all(words.map(lookUp));
    each.sort((a, b) => a.numbers.size - b.numbers.size);
    const [least, ...others] = each;
    const both = [...least.numbers].filter((number) => others.every(({ numbers }) => numbers.has(number)));
    both.sort((a, b) => a - b);
    if (mine !== asked) return undefined;
    const groups = KINDS.map((kind, i) => ({
      kind,
      numbers: both.filter((number) => number < about.ends[i] && number >= (i ? about.ends[i - 1] : 0)),
    }));
    const counted = `${both.length.toLocaleString("en")} ${both.length === 1 ? "answer" : "answers"}`;
    const cut = each.some(({ isCut }) => isCut) ? "; some of these words are so frequent that only their first entries were looked at" : "";
    return show(counted + cut, groups);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return show(`The index cannot be read: search/${error.message}.js is missing or damaged.`, []);
  }
}

async function show(state, groups) {
  const mine = asked;
  const sections = await Promise.all(groups.filter(({ numbers }) => numbers.length).map(section));
  if (mine !== asked) return;
  document.getElementById("state").textContent = state;
  document.getElementById("answers").replaceChildren(...sections);
}

async function section({ kind, numbers }) {
  const whole = make("section", "");
  const heading = make("h2", kind);
  heading.append(" ", make("span", numbers.length.toLocaleString("en"), "n"));
  const list = make("ul", "", "answers");
  whole.append(heading, list);
  let shown = 0;
  async function more() {
    const next = numbers.slice(shown, shown + SHOWN);
    list.append(...await Promise.all(next.map((number) => answer(number, kind))));
    shown += next.length;
  }
  await more();
  if (shown < numbers.length) {
    const button = make("button", "Show more");
    button.type = "button";
    button.addEventListener("click", async () => {
      await more();
      if (shown >= numbers.length) button.remove();
    });
    whole.append(button);
  }
  return whole;
}

async function answer(number, kind) {
  const part = Math.floor(number / about.entries);
  const [title, note, path] = (await load(`e${part}`))[number - part * about.entries];
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
