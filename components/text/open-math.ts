/** Whether a display formula that began on an earlier line of a paragraph is still open. */
export class OpenMath {
  private dollars = 0;
  private brackets = 0;
  private environments = 0;
  private lines = 0;

  reset(): void {
    this.dollars = this.brackets = this.environments = this.lines = 0;
  }

  read(line: string): void {
    const count = (mark: string) => line.split(mark).length - 1;
    this.lines += 1;
    this.dollars += count("$$");
    this.brackets += count("\\[") - count("\\]");
    this.environments += count("\\begin{") - count("\\end{");
  }

  /** One that is open for this many lines was never meant to be closed. */
  get isOpen(): boolean {
    return this.lines <= 200 && (this.dollars % 2 === 1 || this.brackets > 0 || this.environments > 0);
  }
}
