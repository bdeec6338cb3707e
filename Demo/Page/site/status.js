// Shows whether the server is there.

export class Status {
  constructor(element) {
    this.element = element;
    this.timer = null;
  }

  show(state, text) {
    clearInterval(this.timer);
    this.element.dataset.state = state;
    if (this.element.textContent !== text) this.element.textContent = text;
  }

  /** Says in how many seconds the next attempt is made. */
  countDown(text, milliseconds) {
    const at = performance.now() + milliseconds;
    const tell = () => {
      const seconds = Math.ceil((at - performance.now()) / 1000);
      const when = seconds > 0 ? `trying again in ${seconds} s` : "trying again";
      this.element.dataset.state = "waiting";
      this.element.textContent = `${text}; ${when}`;
    };
    clearInterval(this.timer);
    tell();
    this.timer = setInterval(tell, 1000);
  }
}
