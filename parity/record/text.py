"""Records what Python's tokenizers make of texts, what transformers makes of conversations, and what its models make of both.

usage, from the project's root:
  python3 parity/record/text.py examples/src/main/resources/org/jtorch/examples/moby-dick.txt text/src/test/resources
"""
import json
import pathlib
import shutil
import sys

import torch
import transformers as t
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers.utils.chat_template_utils import render_jinja_template

TEXTS = [
    "The cat sits on the mat.", "", " ", "a", "Hello,   world!\n\nTabs\tand  spaces ", "don't it's we've I'm they're",
    "naïve café Ünïcödé ẞ", "cafe\u0301 combining", "日本語のテキスト 中文", "مرحبا بالعالم", "emoji 😀👍🏽 family 👨‍👩‍👧", "1234567890 3.14 1,000",
    "[CLS] literal [SEP] </s> <|end|> <pad>", "A" * 50, "The whale, the whale! " * 12, "x\u200by\ufeffz \u00a0nbsp", "$€£ ©®™ ½ ²",
]
PAIRS = [("one two three four five", "six seven"), ("one two", "three four five six seven eight"), ("whale ship sea", "captain 😀 boat mast"),
         ("", "only the second")]


def corpus(file):
    text = pathlib.Path(file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line] + TEXTS


def wordpiece(lines, **options):
    tok = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tok.normalizer = normalizers.BertNormalizer(lowercase=True)
    tok.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tok.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tok.train_from_iterator(lines, trainers.WordPieceTrainer(vocab_size=500, special_tokens=special, show_progress=False))
    tok.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [("[CLS]", 2), ("[SEP]", 3)])
    return t.PreTrainedTokenizerFast(tokenizer_object=tok, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
                                     mask_token="[MASK]", model_max_length=64, clean_up_tokenization_spaces=True, **options)


def byte_level(lines, chat_template):
    tok = Tokenizer(models.BPE())
    tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tok.decoder = decoders.ByteLevel()
    special = ["<|pad|>", "<|end|>", "<|im_start|>", "<|im_end|>"]
    tok.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=500, special_tokens=special, show_progress=False,
                                                       initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tok.post_processor = processors.ByteLevel(trim_offsets=False)
    return t.PreTrainedTokenizerFast(tokenizer_object=tok, pad_token="<|pad|>", eos_token="<|im_end|>", padding_side="left",
                                     truncation_side="left", chat_template=chat_template)


def unigram(lines):
    tok = Tokenizer(models.Unigram())
    tok.normalizer = normalizers.NFKC()
    tok.pre_tokenizer = pre_tokenizers.Metaspace()
    tok.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    tok.train_from_iterator(lines, trainers.UnigramTrainer(vocab_size=400, special_tokens=special, unk_token="<unk>", show_progress=False))
    tok.post_processor = processors.TemplateProcessing("$A </s>", "$A </s> $B </s>", [("</s>", 1)])
    return t.PreTrainedTokenizerFast(tokenizer_object=tok, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")


def byte_fallback(lines):
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)]
    tok = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tok.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tok.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tok.train_from_iterator([l for l in lines if l.isascii()][:2000], trainers.BpeTrainer(
        vocab_size=600, special_tokens=special[:3], show_progress=False))
    data = json.loads(tok.to_str())
    vocab = data["model"]["vocab"]
    for token in special[3:]:
        vocab[token] = len(vocab)
    tok = Tokenizer.from_str(json.dumps(data))
    tok.post_processor = processors.TemplateProcessing("<s> $A", "<s> $A <s> $B", [("<s>", 1)])
    return t.PreTrainedTokenizerFast(tokenizer_object=tok, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>")


def encoded(tok, text, pair=None, **options):
    out = tok(text, pair, return_offsets_mapping=True, return_special_tokens_mask=True, return_token_type_ids=True, **options)
    return {"text": text, "pair": pair, "options": options, "ids": out["input_ids"], "types": out["token_type_ids"],
            "special": out["special_tokens_mask"], "offsets": out["offset_mapping"], "sequences": [
                -1 if s is None else s for s in out.sequence_ids(0)], "tokens": out.tokens(0),
            "decoded": tok.decode(out["input_ids"]), "without_special": tok.decode(out["input_ids"], skip_special_tokens=True)}


def tokenizer_rows(tok):
    for text in TEXTS:
        yield encoded(tok, text)
        yield encoded(tok, text, add_special_tokens=False)
        yield encoded(tok, text, truncation=True, max_length=5)
    for text, pair in PAIRS:
        yield encoded(tok, text, pair)
        for length in (4, 5, 7, 8, 11, 14):
            yield encoded(tok, text, pair, truncation=True, max_length=length)


# --- conversations -----------------------------------------------------------------------------------------------------

TEMPLATES = {
    "chatml": """{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "system_first": """{%- if messages[0]['role'] == 'system' %}
    {%- set system = messages[0]['content'] %}
    {%- set rest = messages[1:] %}
{%- else %}
    {%- set system = 'You help.' %}
    {%- set rest = messages %}
{%- endif %}
{{- '<|system|>' + system + '<|end|>\\n' }}
{%- for m in rest %}
    {%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('roles must alternate user/assistant') }}
    {%- endif %}
    {{- '<|' + m.role + '|>' }}{{ m.content | trim }}{{ '<|end|>' }}
{% endfor %}
{%- if add_generation_prompt %}<|assistant|>{% endif %}
""",
    "instruction": """{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% else %}{{ raise_exception('Only user and assistant roles are known') }}{% endif %}{% endfor %}""",
    "tools": """{%- if tools %}
    {{- '<|system|>\\n# Tools\\n' }}
    {%- for tool in tools %}
        {{- '\\n' }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- '\\n<|end|>\\n' }}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}{%- set content = message.content %}{%- else %}{%- set content = '' %}{%- endif %}
    {%- if message.role == "assistant" %}
        {%- set reasoning = '' %}
        {%- if '</think>' in content %}
            {%- set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index and (loop.last or (not loop.last and reasoning)) %}
            {{- '<|assistant|>\\n<think>\\n' + reasoning.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|assistant|>\\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}
            {%- for tool_call in message.tool_calls %}
                {%- if (loop.first and content) or (not loop.first) %}{{- '\\n' }}{%- endif %}
                {%- if tool_call.function %}{%- set tool_call = tool_call.function %}{%- endif %}
                {{- '<tool_call>\\n{"name": "' }}{{- tool_call.name }}{{- '", "arguments": ' }}
                {%- if tool_call.arguments is string %}{{- tool_call.arguments }}{%- else %}{{- tool_call.arguments | tojson }}{%- endif %}
                {{- '}\\n</tool_call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}{{- '<|user|>' }}{%- endif %}
        {{- '\\n<tool_response>\\n' }}{{- content }}{{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}{{- '<|end|>\\n' }}{%- endif %}
    {%- else %}
        {{- '<|' + message.role + '|>\\n' + content + '<|end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|assistant|>\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
{%- endif %}""",
    "filters": """{% set users = messages | selectattr('role', 'equalto', 'user') | list %}{{ users | length }}:{% for m in messages if m['role'] != 'system' and m.content %}{{ loop.index }}/{{ loop.length }}{{ m.role.upper() }}={{ m.content.title() }};{% endfor %}
{% macro show(m, mark='-') %}{{ mark }}{{ m.role | upper }}{{ m.content | length }}{% endmacro %}
{% for m in messages %}{{ show(m) }}{{ show(m, mark='*') }}{% if not loop.last %}, {% endif %}{% endfor %}
{{ messages | map(attribute='role') | join('|') }} {{ messages[-1].content[0] }}{{ messages[0].content[:3] }}{{ messages[0].content[-1:] }}
{% for key, value in messages[0].items() %}{{ key }}={{ value }};{% endfor %}
{% if 'assistant' in messages | map(attribute='role') | list %}yes{% else %}no{% endif %} {{ messages[0].get('name', 'nobody') }} {{ 'a' ~ 1 ~ 'b' }}
{{ (messages | last).content.replace('e', 'E') }} {{ messages[0].content.split() | join('_') }} {{ 'x' if messages | length > 2 else 'y' }}
{% for m in messages %}{% if loop.index0 == 1 %}{% continue %}{% endif %}{% if loop.index0 == 3 %}{% break %}{% endif %}{{ m.role }}{% endfor %}
{{ messages[0] | tojson }}{{ messages[0] | tojson(indent=2) }}{# not shown #}
{% generation %}inside{% endgeneration %}{{ messages[0].content.find('o') }} {{ ['b', 'a'] | sort | first }} {{ range(1, 4) | list | length }}""",
}

TOOLS = [{"type": "function", "function": {"name": "weather", "description": "Gets the weather <&> \"now\".", "parameters": {
    "type": "object", "properties": {"city": {"type": "string", "enum": ["Köln", "東京"]}, "days": {"type": "integer"}}, "required": ["city"]}}}]
CALL = {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": {"name": "weather", "arguments": {"city": "Köln"}}}]}
CONVERSATIONS = [
    [{"role": "user", "content": "Hello"}],
    [{"role": "system", "content": "Be short."}, {"role": "user", "content": "  Hi {{ 7 * 7 }} {% if %} \n"}],
    [{"role": "user", "content": "a b"}, {"role": "assistant", "content": "c d é 😀"}, {"role": "user", "content": "don't 'quote' \"it\" \\ back"}],
    [{"role": "user", "content": "x"}, {"role": "user", "content": "y"}],
    [{"role": "user", "content": "q"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nanswer"}, {"role": "user", "content": "r"},
     {"role": "assistant", "content": "<think>\nyes\n</think>\n\nok"}],
    [{"role": "user", "content": "weather?"}, CALL, {"role": "tool", "content": "sunny"}, {"role": "tool", "content": "warm"},
     {"role": "assistant", "content": "It is sunny."}],
]


def conversations():
    for name, template in TEMPLATES.items():
        for messages in CONVERSATIONS:
            for variables in ({}, {"tools": TOOLS}, {"enable_thinking": False, "add_generation_prompt": False}):
                values = {"add_generation_prompt": True} | variables
                row = {"template": name, "messages": messages, "variables": values}
                try:
                    rendered, _ = render_jinja_template([messages], chat_template=template, bos_token="<s>", eos_token="</s>", **values)
                    yield row | {"text": rendered[0]}
                except Exception as refusal:
                    yield row | {"refused": str(refusal)}


# --- models ------------------------------------------------------------------------------------------------------------

def classifier(folder, tok, **config):
    torch.manual_seed(5)
    model = t.BertForSequenceClassification(t.BertConfig(
        vocab_size=len(tok), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=64,
        id2label={0: "calm", 1: "angry", 2: "sad"}, label2id={"calm": 0, "angry": 1, "sad": 2}, initializer_range=0.5, **config)).eval()
    model.save_pretrained(folder)
    tok.save_pretrained(folder)
    pipe = t.pipeline("text-classification", model=model, tokenizer=tok, top_k=None)
    rows = [{"text": text, "scores": [[s["label"], s["score"]] for s in pipe([text], truncation=True)[0]]} for text in TEXTS if text.strip()]
    pair = pipe([{"text": "one two", "text_pair": "three"}])[0]
    return {"texts": rows, "pair": [[s["label"], s["score"]] for s in pair]}


def embedder(folder, tok):
    """A folder as sentence-transformers writes it: an encoder, the mean of its states, and a normalization."""
    torch.manual_seed(7)
    model = t.BertModel(t.BertConfig(vocab_size=len(tok), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
                                     max_position_embeddings=64, initializer_range=0.5)).eval()
    model.save_pretrained(folder)
    tok.save_pretrained(folder)
    modules = [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
               {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
               {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 24, "do_lower_case": False}))
    (folder / "config_sentence_transformers.json").write_text(json.dumps(
        {"prompts": {"query": "find: ", "document": ""}, "default_prompt_name": None, "similarity_fn_name": "cosine"}))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True}))
    rows = []
    for prompt in ("", "find: "):
        batch = tok([prompt + text for text in TEXTS], padding=True, truncation=True, max_length=24, return_tensors="pt")
        mask = batch["attention_mask"][..., None].float()
        with torch.no_grad():
            states = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        rows.append({"prompt": prompt, "embeddings": torch.nn.functional.normalize(
            (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)).tolist()})
    return {"texts": TEXTS, "rows": rows}


def written(folder, model, tok, beginning):
    """Saves a model, and records what it generates; beginning says how many tokens are there before the new ones."""
    model.save_pretrained(folder)
    tok.save_pretrained(folder)
    rows = []
    for prompt in TEXTS[:1] + TEXTS[3:12]:
        ids = tok(prompt, return_tensors="pt")
        for options in ({}, {"num_beams": 3, "max_new_tokens": 12}, {"max_new_tokens": 5}):
            out = model.generate(**{k: v for k, v in ids.items() if k != "token_type_ids"}, **options)[0][beginning(ids["input_ids"]):]
            rows.append({"prompt": prompt, "options": options, "tokens": out.tolist(), "text": tok.decode(out, skip_special_tokens=True)})
    prompts = [TEXTS[0], TEXTS[3], TEXTS[4]]
    batch = tok(prompts, return_tensors="pt", padding=True)
    out = model.generate(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])[:, beginning(batch["input_ids"]):]
    return {"rows": rows, "batch": {"prompts": prompts, "tokens": out.tolist()}}


def encoder_decoder(folder, tok):
    torch.manual_seed(8)
    model = t.T5ForConditionalGeneration(t.T5Config(
        vocab_size=len(tok), d_model=8, d_kv=4, d_ff=12, num_layers=2, num_decoder_layers=2, num_heads=2, feed_forward_proj="gated-gelu",
        decoder_start_token_id=0, initializer_factor=2.0)).eval()
    # two tokens of which the model likes one end texts
    model.generation_config = t.GenerationConfig(max_length=16, min_length=5, decoder_start_token_id=0, eos_token_id=[tok.eos_token_id, 342],
                                                 pad_token_id=0)
    return written(folder, model, tok, lambda ids: 1)


def generator(folder, tok):
    torch.manual_seed(6)
    model = t.LlamaForCausalLM(t.LlamaConfig(
        vocab_size=len(tok), hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        max_position_embeddings=256, initializer_range=0.6, bos_token_id=None, eos_token_id=tok.eos_token_id, pad_token_id=0)).eval()
    model.generation_config = t.GenerationConfig(max_new_tokens=30, repetition_penalty=1.2, eos_token_id=[tok.eos_token_id, 1], pad_token_id=0)
    record = written(folder, model, tok, lambda ids: ids.shape[1])
    chat = [{"role": "user", "content": "Hello"}]
    ids = tok.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)["input_ids"]
    answer = model.generate(ids, attention_mask=torch.ones_like(ids))[0][ids.shape[1]:]
    return record | {"chat": {"messages": chat, "prompt_tokens": ids.shape[1], "text": tok.decode(answer, skip_special_tokens=True)}}


def main():
    lines = corpus(sys.argv[1])
    root = pathlib.Path(sys.argv[2])
    made = {"wordpiece": wordpiece(lines), "byte_level": byte_level(lines, TEMPLATES["chatml"]), "unigram": unigram(lines),
            "byte_fallback": byte_fallback(lines)}
    for name, tok in made.items():
        folder = root / "tokenizers" / name
        shutil.rmtree(folder, ignore_errors=True)
        tok.save_pretrained(folder)
        rows = list(tokenizer_rows(tok))
        (folder / "recorded.json").write_text("\n".join(json.dumps(row, ensure_ascii=True, separators=(",", ":")) for row in rows) + "\n")
        print(name, len(rows))
    rows = list(conversations())
    (root / "conversations.json").write_text(json.dumps(
        {"templates": TEMPLATES, "rows": rows}, ensure_ascii=True, separators=(",", ":")))
    print("conversations", len(rows), sum("refused" in row for row in rows))
    kinds = {"single": {}, "multi": {"problem_type": "multi_label_classification"}}
    for name, config in kinds.items():
        folder = root / "classifier" / name
        shutil.rmtree(folder, ignore_errors=True)
        names = {"model_input_names": ["input_ids", "token_type_ids", "attention_mask"]} if name == "single" else {}
        recorded = classifier(folder, wordpiece(lines, **names), **config)
        (folder / "recorded.json").write_text(json.dumps(recorded, ensure_ascii=True, separators=(",", ":")))
    folder = root / "embedder"
    shutil.rmtree(folder, ignore_errors=True)
    recorded = embedder(folder, made["wordpiece"])
    (folder / "recorded.json").write_text(json.dumps(recorded, ensure_ascii=True, separators=(",", ":")))
    folder = root / "generator"
    shutil.rmtree(folder, ignore_errors=True)
    (folder.parent).mkdir(exist_ok=True)
    recorded = generator(folder, made["byte_level"])
    (folder / "recorded.json").write_text(json.dumps(recorded, ensure_ascii=True, separators=(",", ":")))
    folder = root / "encoder_decoder"
    shutil.rmtree(folder, ignore_errors=True)
    recorded = encoder_decoder(folder, made["unigram"])
    (folder / "recorded.json").write_text(json.dumps(recorded, ensure_ascii=True, separators=(",", ":")))


main()
