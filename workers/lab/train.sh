#!/usr/bin/env bash
# Make the lab model from nothing: virtual environment, data, tokenizer, training, export, measurement.
# Run again after an interruption: training goes on from its last checkpoint. See README.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
lab=workers/lab
work=$lab/.work
python=${PYTHON:-python3}
[ -x $lab/.venv/bin/python ] || { "$python" -m venv $lab/.venv && $lab/.venv/bin/pip install -q -r $lab/requirements.txt; }
if [ ! -f $work/data/done ]; then
  npx tsx $lab/make-data.ts $work/data
  $lab/.venv/bin/python $lab/build_tokenizer.py $work/data $lab/model
  touch $work/data/done
fi
# Spinning OpenMP threads waste a shared machine's cores: sleep at barriers instead.
export OMP_WAIT_POLICY=passive KMP_BLOCKTIME=0 GOMP_SPINCOUNT=0 PYTHONUNBUFFERED=1
# torch.compile needs a C++ compiler; without one training takes about a third longer.
command -v g++ >/dev/null || set -- --no-compile "$@"
$lab/.venv/bin/python $lab/train.py --work $work --tokens "${TOKENS:-26e6}" --seed "${SEED:-1}" "$@"
$lab/.venv/bin/python $lab/export.py $work/checkpoint.pt $lab/model
bash $lab/evaluate
