export interface AnswerLeak {
  /** The content states the answer. */
  equivalent: boolean;
  /** The paper's plain rule: the answer's characters occur somewhere in the content. */
  substring: boolean;
}

export function answerLeak(content: string, answer: string): AnswerLeak {
  const plain = answer.trim();
  const substring = plain !== "" && content.includes(plain);
  return { equivalent: substring && content.includes(`=${plain}`), substring };
}
