// A network's answer: the class it is for, and a bar for each.

/** Of many classes so many have a bar, the likeliest first; up to as many keep their place. */
const mostBars = 12;

class Answer {
  constructor(panel, classes) {
    this.panel = panel;
    this.classes = classes;
    this.best = panel.querySelector(".best");
    this.share = panel.querySelector(".share");
    this.rows = [...panel.querySelectorAll(".bars li")];
    this.clear();
  }

  show(probabilities) {
    const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    this.say(this.classes[order[0]], percent(probabilities[order[0]]));
    this.rows.forEach((row, i) => this.fill(row, probabilities[i], i === order[0]));
    if (this.rows.length <= mostBars) return;
    order.forEach((row, place) => {
      this.rows[row].hidden = place >= mostBars;
      this.rows[row].style.order = place;
    });
  }

  clear() {
    this.say("–", "");
    this.rows.forEach((row, i) => {
      this.fill(row, 0, false);
      row.querySelector(".number").textContent = "";
      row.hidden = i >= mostBars;
    });
  }

  say(best, share) {
    this.best.textContent = best;
    this.best.classList.toggle("long", best.length > 4);
    this.share.textContent = share;
  }

  fill(row, probability, isBest) {
    row.classList.toggle("first", isBest);
    row.querySelector(".bar span").style.width = `${100 * Math.max(0, Math.min(1, probability))}%`;
    row.querySelector(".number").textContent = percent(probability);
  }
}

function percent(probability) {
  return `${(100 * probability).toFixed(1)} %`;
}
