// Reading JSON objects more strictly than JSON.parse: it lets the last of two equal names win, and says nothing.

/** Strings, and what opens, closes and names: all of a valid text that tells which string is a name, and whose. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}:]/g;

/** Every name that an object within `json`, a valid text, gives more than once. */
export const namesGivenTwice = (json) => {
  const twice = new Set();
  const open = [];
  let last;
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token === ':') note(open.at(-1), JSON.parse(last), twice);
    else last = token;
  }
  return twice;
};

const note = (names, name, twice) => {
  if (names.has(name)) twice.add(name);
  names.add(name);
};
