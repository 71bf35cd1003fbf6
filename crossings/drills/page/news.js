/* What the stream of an exercise has told a page so far: first the whole, then what is new.
   Null where something is missing between; then the page asks for the whole. The twin of `merged`
   in crossings/drills/news.py. */
window.CrossingsNews = function (known, told) {
  "use strict";
  if (!told.after) return told;
  if (!known || String(told.after) !== String(known.version)) return known && String(told.version) === String(known.version) ? known : null;
  var view = Object.assign({}, known, told), desk = view.table = Object.assign({}, known.table, told.table);
  if (told.table.inbox) desk.inbox = known.table.inbox.slice(0, desk.keep).concat(told.table.inbox);
  delete view.after;
  delete desk.keep;
  return view;
};
