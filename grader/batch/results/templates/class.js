"use strict";
(function () {
  const body = document.getElementById("rows"), rows = Array.from(body.rows);
  const name = document.getElementById("name"), kind = document.getElementById("kind"), shown = document.getElementById("shown");
  const heads = Array.from(document.querySelectorAll("#class thead th"));
  let only = null;
  const texts = rows.map((row) => (row.cells[0].title || row.cells[0].textContent).toLocaleLowerCase());
  const number = (row, column) => {
    const text = row.cells[column].textContent;
    if (text === "✓") return Number(heads[column].dataset.all);
    return text === "" || isNaN(text) ? -1 : Number(text);
  };
  function filter() {
    const wanted = name.value.trim().toLocaleLowerCase();
    let count = 0;
    rows.forEach((row, place) => {
      const fits = (!wanted || texts[place].includes(wanted)) && (kind.value === "" || row.dataset.is.includes(kind.value))
        && (!only || only.has(place));
      row.hidden = !fits;
      count += fits;
    });
    shown.textContent = count === rows.length ? "" : count + " of " + rows.length + " shown";
  }
  function sort(column) {
    const down = heads[column].getAttribute("aria-sort") !== (column ? "descending" : "ascending");
    const sign = column ? (down ? -1 : 1) : (down ? 1 : -1);
    const keys = rows.map((row) => number(row, column));
    const order = rows.map((_, place) => place);
    order.sort((a, b) => sign * (column ? keys[a] - keys[b] : texts[a].localeCompare(texts[b])) || a - b);
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
    const all = document.createDocumentFragment();
    order.forEach((place) => all.appendChild(rows[place]));
    body.appendChild(all);
  }
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => sort(column)));
  name.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  document.getElementById("clear").addEventListener("click", () => {
    only = null; name.value = ""; kind.value = "";
    filter();
  });
  document.querySelectorAll("button[data-whose]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      only = new Set(button.dataset.whose.split(" ").map(Number));
      filter();
      document.getElementById("students").scrollIntoView();
    });
  });
  document.querySelector(".tools").hidden = false;
})();
