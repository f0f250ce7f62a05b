"""What server/core/training/spec.ts asks of a trainer: events, checkpoints that appear whole, and an end by SIGTERM."""

import datetime
import hashlib
import json
import math
import os
import re
import shutil
import signal
import threading
import time

from transformers import TrainerCallback

from order import rate_factor

STOPPED = 143
# Silence after which whoever started this is gone for good (seconds).
LEASE = 90
# Checkpoints kept: the newest and the one before it.
KEPT_CHECKPOINTS = 2
# Files of a model folder that training does not change (workers/trainer/weights.ts).
KEPT = re.compile(r"^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$|^merges\.txt$|\.jinja$")
# An adapter's own file (PEFT's form).
ADAPTER = "adapter_config.json"
# Written last into a checkpoint: one without it was cut off.
WHOLE = "training_state.json"


class Refused(Exception):
    """A sentence for people: the training cannot be done as it was asked for."""


class Stopped(BaseException):
    """SIGTERM has come between two optimizer steps."""


class Events:
    def __init__(self, file):
        os.makedirs(os.path.dirname(file), exist_ok=True)
        self.file = file

    def write(self, event, **fields):
        at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with open(self.file, "a", encoding="utf-8") as out:
            out.write(json.dumps({"event": event, "at": at, **fields}) + "\n")


class Stop:
    """SIGTERM and SIGINT. Sampling and backward passes are left at once; an optimizer step or a checkpoint is finished first."""

    def __init__(self):
        self.asked = False
        # Before the training has begun there is nothing to keep.
        self.busy = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, *_):
        again, self.asked = self.asked, True
        if not self.busy and not again:
            raise Stopped

    def follow(self, lease):
        """End when nobody touches the lease any more: a trainer must not outlive its system."""

        def watch():
            while True:
                time.sleep(5)
                try:
                    silent = time.time() - os.stat(lease).st_mtime > LEASE
                except FileNotFoundError:
                    silent = True
                if silent:
                    os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=watch, daemon=True).start()


def is_adapter(folder):
    """Whether a folder holds an adapter, and no whole model."""
    return os.path.exists(os.path.join(folder, ADAPTER))


def base_folder(folder):
    """The whole model below an adapter; the folder itself where it is one."""
    if not is_adapter(folder):
        return folder
    with open(os.path.join(folder, ADAPTER), encoding="utf-8") as file:
        return json.load(file)["base_model_name_or_path"]


def digest_of(spec):
    """What of a spec decides its weights: everything but where things lie, how many cores compute and what is measured on the way."""
    nothing = ("output", "events", "threads", "checkpointEvery", "heldOut", "merge")
    decides = {k: v for k, v in spec.items() if k not in nothing and v is not None}
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:24]


def checkpoints(output):
    """Folders of checkpoints by their step, oldest first."""
    names = os.listdir(output) if os.path.isdir(output) else []
    found = [(int(m[1]), os.path.join(output, m[0])) for m in (re.fullmatch(r"checkpoint-(\d+)", n) for n in names) if m]
    return sorted(found)


def newest_checkpoint(spec):
    """(step, folder) of the newest whole checkpoint of this very spec; (0, None) when there is none."""
    for step, folder in reversed(checkpoints(spec["output"])):
        try:
            with open(os.path.join(folder, WHOLE), encoding="utf-8") as file:
                if json.load(file).get("spec") == digest_of(spec):
                    return step, folder
        except (OSError, ValueError):
            continue
    return 0, None


def finish_folder(spec, folder):
    """Configuration and tokenizer as they came, so that the folder can be served: transformers would write its own forms."""
    for name in os.listdir(folder):
        if KEPT.search(name) and not os.path.exists(os.path.join(spec["model"], name)):
            os.remove(os.path.join(folder, name))
    for name in os.listdir(spec["model"]):
        if KEPT.search(name) and name != "config.json":
            shutil.copyfile(os.path.join(spec["model"], name), os.path.join(folder, name))
    if is_adapter(folder):
        return
    with open(os.path.join(base_folder(spec["model"]), "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    config.update(dtype="float32", torch_dtype="float32")
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file, indent=2)


def write_model(spec, checkpoint):
    """The model without what only a resumed training needs; an adapter added to its base where that is asked for."""
    final = os.path.join(spec["output"], "model")
    part = final + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    if spec.get("merge") and is_adapter(checkpoint):
        from setup import load_merged

        load_merged(checkpoint).save_pretrained(part)
        finish_folder(spec, part)
    else:
        for name in os.listdir(checkpoint):
            if KEPT.search(name) or name == ADAPTER or re.search(r"\.safetensors(\.index\.json)?$", name):
                shutil.copyfile(os.path.join(checkpoint, name), os.path.join(part, name))
    shutil.rmtree(final, ignore_errors=True)
    os.rename(part, final)
    return final


class Course:
    """Mixed into a TRL trainer: its schedule, its checkpoints and its stop are the contract's."""

    def begin(self, spec, steps, events, stop, updates=1):
        # One step of the contract is `updates` optimizer steps on the same samples.
        self.spec, self.steps, self.events, self.stop, self.updates = spec, steps, events, stop, updates
        self.add_callback(Reporter(self))

    def own_metrics(self, logged):
        """Metrics of a step from what was logged of its updates."""
        raise NotImplementedError

    def measure(self, step):
        """Metrics of the weights as they are after so many steps, which cost a pass of their own; none after most steps."""
        return {}

    def create_scheduler(self, num_training_steps, optimizer=None):
        from torch.optim.lr_scheduler import LambdaLR

        if self.lr_scheduler is None:
            factor = lambda i: rate_factor(self.spec["optimizer"], i // self.updates, self.steps)  # noqa: E731
            self.lr_scheduler = LambdaLR(optimizer or self.optimizer, factor)
        return self.lr_scheduler

    def _save_checkpoint(self, model, trial):
        was, self.stop.busy = self.stop.busy, True
        super()._save_checkpoint(model, trial)
        step = self.state.global_step
        folder = os.path.join(self.spec["output"], f"checkpoint-{step}")
        finish_folder(self.spec, folder)
        with open(os.path.join(folder, WHOLE), "w", encoding="utf-8") as file:
            json.dump({"spec": digest_of(self.spec)}, file)
        self.events.write("checkpoint", step=step // self.updates, path=folder)
        for _, old in checkpoints(self.spec["output"])[:-KEPT_CHECKPOINTS]:
            shutil.rmtree(old, ignore_errors=True)
        self.stop.busy = was

    def run(self):
        """Train to the end. @returns the last checkpoint's folder, or None when it was stopped."""
        done, folder = newest_checkpoint(self.spec)
        if done < self.steps * self.updates:
            try:
                self.train(resume_from_checkpoint=folder)
            except Stopped:
                self.stop.asked = True
            done, folder = newest_checkpoint(self.spec)
            if self.state.global_step > done:
                self._save_checkpoint(self.model, None)
                done, folder = newest_checkpoint(self.spec)
        self.stop.busy = True
        return folder if done >= self.steps * self.updates else None


class Reporter(TrainerCallback):
    """Events of a training, and its end when it was asked to stop."""

    def __init__(self, course):
        self.course = course
        self.logged = []
        self.began = time.monotonic()

    def on_train_begin(self, args, state, control, **_):
        if state.global_step > 0:
            return
        measured = self.course.measure(0)
        if measured:
            self.course.events.write("metrics", step=0, metrics=measured)

    def on_step_begin(self, args, state, control, **_):
        stop = self.course.stop
        if stop.asked and not stop.busy:
            raise Stopped

    def on_pre_optimizer_step(self, args, state, control, **_):
        # From here to the log of its last update a step is whole or not at all.
        self.course.stop.busy = True

    def on_step_end(self, args, state, control, **_):
        if self.course.stop.asked and state.global_step % self.course.updates == 0:
            control.should_training_stop = True

    def on_log(self, args, state, control, logs=None, **_):
        if logs is None or "loss" not in logs:
            return
        c = self.course
        if not math.isfinite(logs["loss"]):
            rate = c.spec["optimizer"]["learningRate"]
            raise Refused(
                f"The loss of step {state.global_step // c.updates} is not a number: the learning rate ({rate:g}) is probably too high. Nothing after the last checkpoint was kept."
            )
        self.logged.append(logs)
        if state.global_step % c.updates != 0:
            return
        step = state.global_step // c.updates
        first, mean = self.logged[0], lambda key: sum(l.get(key) or 0 for l in self.logged) / len(self.logged)
        metrics = {k: v for k, v in first.items() if not k.startswith(("rewards/", "clip_ratio/", "frac_reward"))}
        metrics.update(
            loss=mean("loss"),
            learning_rate=c.spec["optimizer"]["learningRate"] * rate_factor(c.spec["optimizer"], step - 1, c.steps),
            step_time=time.monotonic() - self.began,
            **c.own_metrics(self.logged),
            **self.measured(step),
        )
        if "grad_norm" in first:
            metrics["grad_norm"] = mean("grad_norm")
        finite = {k: float(v) for k, v in metrics.items() if isinstance(v, (int, float)) and math.isfinite(v)}
        c.events.write("metrics", step=step, metrics=finite)
        self.logged, self.began = [], time.monotonic()
        c.stop.busy = False

    def measured(self, step):
        """After a stop what was not measured is left out: the step itself is told."""
        stop = self.course.stop
        stop.busy = False
        try:
            return {} if stop.asked else self.course.measure(step)
        except Stopped:
            return {}
        finally:
            stop.busy = True
