"""The Python trainer: train.py SPEC.json [--node PROGRAM] [--lease FILE] (server/core/training/spec.ts).

Exit status 0 done, 1 the training failed, 2 wrong use, 143 stopped by SIGTERM with a checkpoint."""

import argparse
import json
import os
import signal
import sys

# Nothing is fetched and nothing is reported: models and data lie in folders. Before the libraries are imported.
os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false", TRL_EXPERIMENTAL_SILENCE="1")
# One process computes on one GPU; transformers would spread a model over all it sees.
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0")


def main():
    # While the libraries are imported there is nothing to keep.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    parser = argparse.ArgumentParser()
    parser.add_argument("spec")
    parser.add_argument("--node", default="node")
    parser.add_argument("--lease")
    args = parser.parse_args()
    with open(args.spec, encoding="utf-8") as file:
        spec = json.load(file)
    if spec.get("version") != 1 or spec.get("kind") not in ("sft", "grpo"):
        print(f"{args.spec} is no training spec of this version.", file=sys.stderr)
        return 2

    import torch

    from contract import STOPPED, Events, Refused, Stop, Stopped, newest_checkpoint, write_model

    events = Events(spec["events"])
    try:
        stop = Stop()
        if args.lease:
            stop.follow(args.lease)
        torch.set_num_threads(spec["threads"])
        if spec["kind"] == "sft":
            from sft import open_sft

            trainer, note = open_sft(spec, events, stop)
        else:
            from grpo import open_grpo

            trainer, note = open_grpo(spec, events, stop, args.node)
        step = newest_checkpoint(spec)[0] // trainer.updates
        resumed = f"Resumed from step {step}. " if step > 0 else ""
        events.write("begin", step=step, steps=trainer.steps, note=resumed + note)
        last = trainer.run()
        if last is None:
            return STOPPED
        events.write("done", step=trainer.steps, path=write_model(spec, last))
        return 0
    except Stopped:
        return STOPPED
    except Refused as refused:
        events.write("error", message=str(refused))
        print(refused, file=sys.stderr)
        return 1
    except Exception as error:
        events.write("error", message=f"Unexpected: {error}")
        raise


if __name__ == "__main__":
    sys.exit(main())
