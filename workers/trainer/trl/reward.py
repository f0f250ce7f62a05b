"""The project's grader, asked through its own program (workers/trainer/reward.ts)."""

import json
import os
import subprocess

from contract import Refused

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
# Questions are written before answers are read: few enough that both fit into the pipes' buffers on the way.
AT_ONCE = 64


class Grader:
    def __init__(self, node):
        command = [node, "--import", "tsx", os.path.join("workers", "trainer", "reward.ts")]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def rewards(self, questions):
        """Rewards of `{text, answer, finish_reason, bare}`, in their order."""
        rewards = []
        for first in range(0, len(questions), AT_ONCE):
            some = questions[first : first + AT_ONCE]
            try:
                for question in some:
                    self.process.stdin.write(json.dumps(question) + "\n")
                self.process.stdin.flush()
                answers = [json.loads(self.process.stdout.readline()) for _ in some]
            except (OSError, ValueError) as cause:
                raise Refused("The grader (workers/trainer/reward.ts) has ended; the log says why.") from cause
            for answer in answers:
                if "error" in answer:
                    raise Refused(f"The grader could not grade a sample: {answer['error']}")
                rewards.append(answer["reward"])
        return rewards

    def close(self):
        self.process.stdin.close()
        self.process.wait()
