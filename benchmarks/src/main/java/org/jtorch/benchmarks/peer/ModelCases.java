package org.jtorch.benchmarks.peer;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.export.Compiled;
import org.jtorch.models.bert.BertConfig;
import org.jtorch.models.bert.BertModel;
import org.jtorch.models.decoder.CausalModel;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.decoder.KeyValueCache;
import org.jtorch.models.generation.Generation;
import org.jtorch.models.gpt2.GPT2Config;
import org.jtorch.models.gpt2.GPT2LMHeadModel;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.llama.LlamaConfig;
import org.jtorch.models.llama.LlamaForCausalLM;
import org.jtorch.models.mobilenetv3.MobileNetV3;
import org.jtorch.models.quantization.Quantization;
import org.jtorch.models.resnet.ResNet;
import org.jtorch.models.vit.VisionTransformer;
import org.jtorch.nn.Module;

/**
 * Whole models of torchvision and transformers with random weights. Vision models and encoders are measured as they are and compiled;
 * decoders when they read a prompt, and for each token that they generate. A decoder reads all its weights for each token, so that the
 * time to read memory is measured too.
 */
final class ModelCases {

    private static final Map<String, Object> MINILM =
            Map.of("hidden_size", 384, "num_hidden_layers", 6, "num_attention_heads", 12, "intermediate_size", 1536);

    private static final Map<String, Object> LLAMA = Map.of(
            "vocab_size", 32_000,
            "hidden_size", 768,
            "intermediate_size", 2048,
            "num_hidden_layers", 12,
            "num_attention_heads", 12,
            "num_key_value_heads", 4,
            "max_position_embeddings", 2048);

    private static final int PROMPT = 256;
    private static final int SHORT_PROMPT = 8;
    private static final int NEW_TOKENS = 64;

    private final Bench bench;

    private final boolean compiles;

    private ModelCases(Bench bench, boolean compiles) {
        this.bench = bench;
        this.compiles = compiles;
    }

    /**
     * Runs the selected cases.
     *
     * @param bench the run
     * @param compiles whether models are compiled too; not beside exported programs, whose rows have the same names
     */
    static void run(Bench bench, boolean compiles) {
        bandwidth(bench);
        ModelCases cases = new ModelCases(bench, compiles);
        cases.vision("resnet18", ResNet::resnet18, 1);
        cases.vision("resnet18", ResNet::resnet18, 8);
        cases.vision("resnet50", ResNet::resnet50, 8);
        cases.vision("mobilenet_v3_large", MobileNetV3::mobilenetV3Large, 1);
        cases.vision("vit_b_16", VisionTransformer::vitB16, 1);
        cases.encoder("minilm_l6", MINILM, 1, 16);
        cases.encoder("minilm_l6", MINILM, 8, 64);
        cases.encoder("minilm_l6", MINILM, 32, 128);
        cases.encoder("bert_base", Map.of(), 8, 128);
        cases.decoder("gpt2", () -> new GPT2LMHeadModel(new GPT2Config(Map.of())));
        cases.decoder("llama_134m", ModelCases::llama);
        cases.decoder("llama_134m_bf16", () -> {
            LlamaForCausalLM model = llama();
            model.to(DType.BFLOAT16);
            return model;
        });
        cases.decoder("llama_134m_int8", () -> {
            LlamaForCausalLM model = llama();
            model.to(DType.BFLOAT16);
            return Quantization.int8Weights(model);
        });
    }

    /** Reads 256 MiB, which bounds how often a second the weights of a decoder can be read. */
    private static void bandwidth(Bench bench) {
        if (!bench.wanted("memory/read_256mib")) {
            return;
        }
        Tensor all = Torch.ones(64, 1 << 20);
        ProgramCases.measure(bench, "memory/read_256mib", all::sum);
        all.close();
    }

    private static LlamaForCausalLM llama() {
        return new LlamaForCausalLM(new LlamaConfig(LLAMA));
    }

    private void vision(String model, Supplier<Module<Tensor, Tensor>> make, int batch) {
        measure(model + "_b" + batch, make, () -> Torch.randn(batch, 3, 224, 224));
    }

    private void encoder(String model, Map<String, ? extends @Nullable Object> values, int batch, int length) {
        measure(model + "_b" + batch + "_s" + length, () -> new BertModel(new BertConfig(values)), () -> {
            Tensor ids = ids(30_522, batch, length);
            return new EncoderInput(ids, Torch.onesLike(ids));
        });
    }

    private <I, O> void measure(String name, Supplier<? extends Module<I, O>> make, Supplier<I> input) {
        boolean compiled = compiles && bench.wanted("compiled/" + name);
        if (!compiled && !bench.wanted("models/" + name)) {
            return;
        }
        Module<I, O> model = make.get();
        model.eval();
        I given = input.get();
        ProgramCases.measure(bench, "models/" + name, () -> model.infer(given));
        if (compiled) {
            Compiled<I, O> fast = Compiled.of(model, given);
            ProgramCases.measure(bench, "compiled/" + name, () -> fast.call(given));
        }
        free(model);
    }

    private void decoder(String name, Supplier<? extends CausalModel<?>> make) {
        String prefill = "models/" + name + "_prefill_" + PROMPT;
        String decode = "models/" + name + "_decode_" + NEW_TOKENS;
        if (!bench.wanted(prefill) && !bench.wanted(decode)) {
            return;
        }
        CausalModel<?> model = make.get();
        model.eval();
        Tensor ids = ids(32_000, 1, PROMPT);
        bench.measure(prefill, 1, 7, () -> {
            try (TensorScope scope = new TensorScope();
                    KeyValueCache cache = model.newCache(PROMPT)) {
                model.infer(new DecoderInput(ids, null, null, cache, 1));
            }
        });
        Tensor prompt = ids.narrow(1, 0, SHORT_PROMPT);
        Tensor mask = Torch.onesLike(prompt);
        bench.measure(decode, 1, 5, NEW_TOKENS, () -> {
            try (TensorScope scope = new TensorScope()) {
                Generation.generate(model, prompt, mask, o -> o.maxNewTokens(NEW_TOKENS));
            }
        });
        free(model);
    }

    private static Tensor ids(long words, int batch, int length) {
        return Torch.randint(5, words, new long[] {batch, length}, TensorOptions.of(DType.INT64));
    }

    /** Frees the weights at once, so that two models are never in memory at the same time. */
    private static void free(Module<?, ?> model) {
        model.parameters().forEach(Tensor::close);
        model.buffers().forEach(Tensor::close);
    }
}
