// Drawing with a mouse, a finger or a stylus.

function drawByPointer(pad) {
  const { canvas } = pad;
  let drawing = null;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };

  canvas.addEventListener("pointerdown", (event) => {
    // A second finger is not a second pen.
    if (drawing !== null || event.button !== 0) return;
    drawing = event.pointerId;
    canvas.setPointerCapture(drawing);
    pad.begin(...place(event));
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return;
    // A browser gathers what comes between two frames; the line should go through all of it.
    const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const each of all.length > 0 ? all : [event]) pad.extend(...place(each));
  });

  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== drawing) return;
      drawing = null;
      pad.end();
    });
  }
}
