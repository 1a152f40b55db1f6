package org.jtorch.models.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Pretrained;
import org.jtorch.models.decoder.CausalModel;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.generation.Generation;
import org.jtorch.models.llama.LlamaConfig;
import org.jtorch.models.llama.LlamaForCausalLM;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of 8 bits, compared with those of float32 and with what {@code parity/record/int8.py} recorded of PyTorch. */
class QuantizationTest {

    private static final Path RESOURCES = Path.of("src/test/resources");

    private final TensorScope scope = new TensorScope();

    @BeforeEach
    void begin() {
        Torch.manualSeed(0);
    }

    @AfterEach
    void end() {
        scope.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"square", "odd", "one"})
    void productsAreThoseOfPyTorch(String name) {
        Map<String, Tensor> recorded =
                Checkpoint.load(RESOURCES.resolve("int8.safetensors")).tensors();
        Tensor weight = Objects.requireNonNull(recorded.get(name + ".weight"));
        Int8Linear linear = new Int8Linear(of(weight));
        assertTrue(linear.weight.equal(recorded.get(name + ".int8")));
        assertTrue(linear.scales.equal(recorded.get(name + ".scales")));
        for (long rows : new long[] {1, 3, 6}) {
            Tensor x = Objects.requireNonNull(recorded.get(name + ".x" + rows));
            Tensor expected = Objects.requireNonNull(recorded.get(name + ".y" + rows));
            Tensor actual = linear.call(x);
            assertEquals(DType.BFLOAT16, actual.dtype());
            // another CPU may sum in another order, so that the last bit differs
            assertTrue(actual.to(DType.FLOAT32).allclose(expected.to(DType.FLOAT32), 1.0 / 128, 1e-3), name + rows);
        }
    }

    private static Linear of(Tensor weight) {
        Linear linear = new Linear(weight.size(1), weight.size(0), o -> o.bias(false));
        linear.weight = new Parameter(weight);
        return linear;
    }

    @Test
    void aWeightIsOffByHalfAScale() {
        Linear linear = new Linear(70, 30);
        linear.weight.detach().narrow(0, 3, 1).mul_(50);
        linear.weight.detach().narrow(0, 4, 1).zero_();
        Int8Linear made = new Int8Linear(linear);
        Tensor off = made.dequantized().sub(linear.weight.detach()).abs();
        Tensor greatest = linear.weight.detach().abs().amax(new long[] {1}, true);
        // a scale is rounded to 8 bits, so that it may be greater by 1/256
        assertTrue(off.sub(greatest.mul((1 + 1 / 256.0) / 254)).max().item() <= 0);
        assertEquals(0, made.dequantized().narrow(0, 4, 1).abs().max().item());
        assertSame(linear.bias, made.bias);
        assertFalse(made.weight.requiresGrad());
    }

    /** Few rows and many, sizes that the kernel takes and others, and all dtypes. */
    @ParameterizedTest
    @CsvSource({"1, 128, 30", "2, 128, 1", "33, 128, 30", "1, 130, 30", "5, 7, 5", "32, 64, 6", "0, 64, 6"})
    void theProductIsThatOfTheRoundedWeight(long rows, long in, long out) {
        Linear linear = new Linear(in, out);
        Int8Linear made = new Int8Linear(linear);
        Tensor x = Torch.randn(2, rows, in);
        Tensor exact = x.matmul(made.dequantized().t()).add(linear.bias);
        for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT64)) {
            Int8Linear each = new Int8Linear(linear);
            each.to(dtype);
            each.bias = new Parameter(linear.bias.detach().to(dtype));
            Tensor y = each.call(x.to(dtype));
            assertEquals(dtype, y.dtype());
            assertArrayEquals(new long[] {2, rows, out}, y.shape());
            if (rows > 0) {
                Tensor off = y.detach().to(DType.FLOAT32).sub(exact.detach()).abs();
                assertTrue(
                        off.max().item() <= 0.02,
                        () -> dtype + " is off by " + off.max().item());
            }
        }
        assertThrows(RuntimeException.class, () -> made.call(Torch.randn(1, in + 64)));
    }

    /** Parts of other tensors may begin at any address, at which the kernel of the engine would end the process. */
    @Test
    void anyAddressIsTaken() {
        Int8Linear linear = new Int8Linear(new Linear(64, 8));
        Tensor expected = linear.dequantized();
        for (DType dtype : List.of(DType.BFLOAT16, DType.FLOAT32)) {
            Tensor all = Torch.randn(100).to(dtype);
            for (long i = 0; i < 36; i++) {
                Tensor x = all.narrow(0, i, 64);
                Tensor y = linear.call(x.unsqueeze(0)).detach().to(DType.FLOAT32);
                Tensor exact = expected.mv(x.to(DType.FLOAT32)).add(linear.bias).detach();
                assertTrue(y.view(8).allclose(exact, 1e-2, 1e-2));
            }
        }
        Tensor room = Torch.zeros(new long[] {8 * 64 + 7}, TensorOptions.of(DType.INT8));
        Tensor shifted = room.narrow(0, 5, 8 * 64).view(8, 64);
        shifted.copy_(linear.weight);
        linear.weight = new Parameter(shifted, false);
        Tensor x = Torch.randn(1, 64);
        Tensor exact = x.matmul(expected.t()).add(linear.bias).detach();
        assertTrue(linear.call(x).detach().allclose(exact, 1e-2, 1e-2));
    }

    @Test
    void gradientsReachTheInput() {
        Int8Linear linear = new Int8Linear(new Linear(64, 5));
        Tensor x = Torch.randn(1, 64).requiresGrad_();
        linear.call(x).sum().backward();
        Tensor expected = linear.dequantized().sum(0);
        assertTrue(Objects.requireNonNull(x.grad()).view(64).allclose(expected, 1e-2, 1e-3));
        assertNotNull(Objects.requireNonNull(linear.bias).grad());
    }

    @Test
    void linearsOfAModelAreReplaced() {
        Linear shared = new Linear(64, 64);
        Sequential model = new Sequential(shared, new ReLU(), shared, new Linear(64, 3));
        Quantization.int8Weights(model);
        assertTrue(model.get(0) instanceof Int8Linear);
        assertSame(model.get(0), model.get(2));
        assertTrue(model.get(3) instanceof Int8Linear);
        assertEquals(
                List.of(
                        "0.weight",
                        "0.bias",
                        "0.scales",
                        "2.weight",
                        "2.bias",
                        "2.scales",
                        "3.weight",
                        "3.bias",
                        "3.scales"),
                List.copyOf(model.stateDict().keySet()));
        assertThrows(IllegalArgumentException.class, () -> Quantization.int8Weights(new Sequential(new ReLU())));
        Linear broken = new Linear(4, 4);
        broken.weight.detach().fill_(Double.NaN);
        assertThrows(IllegalArgumentException.class, () -> new Int8Linear(broken));
    }

    /** A model whose rows are long enough for the kernel: the scores differ by what 8 bits give, and so the tokens stay. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDecoderGeneratesTheTokensOfFloat32WhereTheMarginAllows(boolean tied) {
        LlamaForCausalLM model = new LlamaForCausalLM(new LlamaConfig(Map.of(
                "vocab_size",
                100,
                "hidden_size",
                128,
                "intermediate_size",
                256,
                "num_hidden_layers",
                2,
                "num_attention_heads",
                4,
                "num_key_value_heads",
                2,
                "tie_word_embeddings",
                tied)));
        model.eval();
        Tensor ids = Torch.randint(0, 100, new long[] {1, 6}, TensorOptions.of(DType.INT64));
        Tensor generated = Generation.generate(model, ids, o -> o.maxNewTokens(12));
        Tensor scores = model.infer(new DecoderInput(generated));
        Tensor two = scores.topk(2).values();
        Quantization.int8Weights(model);
        Tensor rounded = model.infer(new DecoderInput(generated)); // so few tokens that the kernel runs
        double spread = scores.std().item();
        double off = rounded.sub(scores).abs().max().item();
        assertTrue(off > 0 && off < 0.1 * spread, () -> "scores differ by " + off + " of " + spread);
        Tensor margin = two.select(-1, 0).sub(two.select(-1, 1));
        Tensor same = rounded.argmax(-1L, false).eq(scores.argmax(-1L, false));
        assertTrue(same.logicalOr(margin.lt(2 * off)).all().item() != 0, "a token with a margin changed");
        assertTrue(same.to(DType.FLOAT32).mean().item() > 0.5, "hardly a token stayed");
        assertFalse(model.modules().stream().anyMatch(each -> each.getClass() == Linear.class));
    }

    /** The recorded models, whose rows are too short for the kernel. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma", "t5", "bert", "vit"})
    void recordedModelsStayNear(String name) {
        Module<?, ?> model = Pretrained.load(RESOURCES.resolve("families").resolve(name));
        long before = bytes(model);
        Quantization.int8Weights(model);
        assertTrue(bytes(model) < before);
        if (model instanceof CausalModel<?> causal) {
            CausalModel<?> plain = (CausalModel<?>)
                    Pretrained.load(RESOURCES.resolve("families").resolve(name));
            Tensor ids = Torch.tensor(new long[] {5, 9, 33, 12}).unsqueeze(0);
            Tensor expected = plain.infer(new DecoderInput(ids));
            double off = causal.infer(new DecoderInput(ids))
                    .sub(expected)
                    .abs()
                    .max()
                    .item();
            assertTrue(off < 0.1 * expected.std().item(), () -> "off by " + off);
        }
    }

    private static long bytes(Module<?, ?> model) {
        return model.stateDict().values().stream()
                .filter(value -> value instanceof Tensor)
                .mapToLong(value -> value.numel() * value.dtype().itemSize())
                .sum();
    }
}
