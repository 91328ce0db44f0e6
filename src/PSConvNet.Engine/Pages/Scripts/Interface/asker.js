// Asks about pictures, one at a time. While one is answered only the newest of those that follow is kept.

class Asker {
  /**
   * @param models the description and the weights of each network.
   * @param {string} script the network's part of the page's script, for the worker.
   * @param {function} answered receives each question and its answer.
   */
  constructor(models, script, answered) {
    this.models = models;
    this.answered = answered;
    this.asked = null;
    this.waiting = null;
    try {
      this.worker = new Worker(URL.createObjectURL(new Blob([script, "\nserve();"], { type: "text/javascript" })));
      this.worker.onmessage = ({ data }) => this.receive(data);
      this.worker.onerror = () => this.answerHere();
      this.worker.postMessage(models);
    } catch {
      this.answerHere();
    }
  }

  ask(question) {
    this.waiting = question;
    if (this.asked === null) this.next();
  }

  /** Whether the newest question has been answered. */
  get isIdle() {
    return this.asked === null && this.waiting === null;
  }

  /** Answers that are still to come are of no use any more. */
  forget() {
    this.waiting = null;
    this.forgotten = this.asked;
  }

  next() {
    this.asked = this.waiting;
    this.waiting = null;
    if (this.asked === null) return;
    if (this.worker) this.worker.postMessage(this.asked);
    else setTimeout(() => this.receive(this.answering.answer(this.asked)));
  }

  receive(answer) {
    const question = this.asked;
    this.asked = null;
    if (question !== this.forgotten) this.answered(question, answer);
    this.next();
  }

  /** Does without a worker: the browser allows none, or it failed. */
  answerHere() {
    if (this.worker) this.worker.terminate();
    this.worker = null;
    this.answering = new Answering(this.models);
    if (this.asked !== null) {
      this.waiting = this.waiting ?? this.asked;
      this.next();
    }
  }
}
