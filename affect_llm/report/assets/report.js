"use strict";
for (const answer of document.querySelectorAll("article[data-duration]")) {
  const player = answer.querySelector("video, audio");
  const duration = Number(answer.dataset.duration);
  const heads = answer.querySelectorAll(".playhead");
  let stopAt = null;

  function light(ids) {
    const wanted = new Set(ids.split(" ").filter(Boolean));
    answer.classList.toggle("has-lit", wanted.size > 0);
    for (const node of answer.querySelectorAll("[data-cues], [data-row]")) {
      const own = (node.dataset.cues || node.dataset.row || "").split(" ");
      node.classList.toggle("lit", own.some((id) => wanted.has(id)));
    }
    for (const fold of answer.querySelectorAll("details.quiet-cues")) {
      if (fold.querySelector(".lit")) fold.open = true;
    }
  }

  function seek(start, end) {
    if (!player || Number.isNaN(start)) return;
    stopAt = end > start ? end : null;
    player.currentTime = start;
    player.play().catch(() => {});
    mark(start);
  }

  function mark(time) {
    if (!duration) return;
    for (const head of heads) {
      head.hidden = false;
      head.style.left = `${Math.min(100, (100 * time) / duration)}%`;
    }
    for (const node of answer.querySelectorAll(".say[data-start], .line[data-start]")) {
      const inside = time >= Number(node.dataset.start) && time < Number(node.dataset.end);
      node.classList.toggle("now", inside);
    }
  }

  function act(node) {
    light(node.dataset.cues || "");
    if (node.dataset.start) seek(Number(node.dataset.start), Number(node.dataset.end));
  }

  answer.addEventListener("click", (event) => {
    const node = event.target.closest("[data-cues]");
    if (node) act(node);
    else if (event.target.closest(".track, .axis") && duration) {
      const box = event.target.closest(".track, .axis").getBoundingClientRect();
      stopAt = null;
      seek(((event.clientX - box.left) / box.width) * duration, 0);
    }
  });
  answer.addEventListener("keydown", (event) => {
    const bar = event.target.closest("svg.cue");
    if (bar && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      act(bar);
    }
    if (event.key === "Escape") light("");
  });
  if (player) {
    const follow = () => {
      mark(player.currentTime);
      if (stopAt !== null && player.currentTime >= stopAt) {
        stopAt = null;
        player.pause();
      }
      if (!player.paused) requestAnimationFrame(follow);
    };
    player.addEventListener("play", () => requestAnimationFrame(follow));
    player.addEventListener("seeked", () => mark(player.currentTime));
    answer.classList.add("seekable");
  }
}
