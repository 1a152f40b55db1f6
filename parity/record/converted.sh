#!/usr/bin/env bash
# The conversions that converted.py checks. usage: bash converted.sh FOLDER
set -euo pipefail
folder=$1
jtorch=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/jtorch
cd "$folder"
"$jtorch" convert model.pt single.safetensors
"$jtorch" convert model.pt hf_single/model.safetensors
"$jtorch" convert model.pt hf_sharded/model.safetensors --max-shard-size 40KB
"$jtorch" convert model.pt once.safetensors --shared-once
"$jtorch" convert sharded/model.safetensors.index.json from_sharded.pt
"$jtorch" convert once.safetensors from_once.pt
"$jtorch" convert training.pt from_training.pt --at model --strip-prefix module.
"$jtorch" convert model.pt half.safetensors --dtype bf16
"$jtorch" convert single.safetensors half.pt --dtype bf16
