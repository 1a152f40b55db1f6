package org.jtorch.models.t5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class T5CacheTest {

    private static final Path FAMILIES = Path.of("src/test/resources/families");

    private final T5ForConditionalGeneration model = T5ForConditionalGeneration.fromPretrained(FAMILIES.resolve("t5"));
    private final Tensor ids = Torch.tensor(new long[][] {{5, 6, 7, 8}, {9, 10, 0, 0}});
    private final Tensor mask = Torch.tensor(new long[][] {{1, 1, 1, 1}, {1, 1, 0, 0}});
    private final Tensor target = Torch.tensor(new long[][] {{0, 11, 12, 13, 14}, {0, 15, 16, 17, 18}});

    @Test
    void writingInStepsGivesTheScoresOfTheWholeText() {
        Tensor whole = model.call(ids, mask, target).logits();
        Tensor encoded = model.encode(ids, mask);
        try (T5Cache cache = model.newCache(5)) {
            List<Tensor> scores = new ArrayList<>();
            long[] lengths = {2, 1, 1, 1};
            long from = 0;
            for (long length : lengths) {
                Tensor step = target.narrow(1, from, length);
                scores.add(model.call(T5Input.step(encoded, mask, step, cache)).logits());
                from += length;
            }
            assertEquals(5, cache.written().length());
            assertTrue(Torch.cat(scores, 1).allclose(whole, 1e-5, 1e-5, false));
        }
    }

    @Test
    void theTextToReadIsUsedOnce() {
        Tensor encoded = model.encode(ids, mask);
        try (T5Cache cache = model.newCache(5)) {
            Tensor first = model.call(T5Input.step(encoded, mask, target.narrow(1, 0, 1), cache))
                    .logits();
            Tensor other = Torch.zerosLike(encoded);
            Tensor second = model.call(T5Input.step(other, mask, target.narrow(1, 1, 1), cache))
                    .logits();
            Tensor whole = model.call(ids, mask, target).logits();
            assertTrue(first.allclose(whole.narrow(1, 0, 1), 1e-5, 1e-5, false));
            assertTrue(second.allclose(whole.narrow(1, 1, 1), 1e-5, 1e-5, false));
        }
    }

    @Test
    void textsAreReordered() {
        Tensor encoded = model.encode(ids, mask);
        Tensor swap = Torch.tensor(new long[] {1, 0});
        try (T5Cache cache = model.newCache(5)) {
            model.call(T5Input.step(encoded, mask, target.narrow(1, 0, 2), cache));
            cache.reorder(swap);
            Tensor next = target.narrow(1, 2, 1).indexSelect(0, swap);
            Tensor scores = model.call(
                            T5Input.step(encoded.indexSelect(0, swap), mask.indexSelect(0, swap), next, cache))
                    .logits();
            Tensor whole = model.call(ids, mask, target).logits().indexSelect(0, swap);
            assertTrue(scores.allclose(whole.narrow(1, 2, 1), 1e-5, 1e-5, false));
        }
    }

    @Test
    void aFullCacheIsRefused() {
        Tensor encoded = model.encode(ids, mask);
        try (T5Cache cache = model.newCache(2)) {
            Exception e = assertThrows(
                    Exception.class, () -> model.call(T5Input.step(encoded, mask, target.narrow(1, 0, 3), cache)));
            assertTrue(String.valueOf(e.getMessage()).contains("room for 2 tokens"), e.toString());
        }
    }

    @Test
    void labelsAreShifted() {
        Tensor labels = Torch.tensor(new long[][] {{7, 8, -100}, {-100, 9, 1}});
        assertTrue(model.shiftRight(labels).equal(Torch.tensor(new long[][] {{0, 7, 8}, {0, 0, 9}})));
    }

    @Test
    void inputNeedsOneTextToRead() {
        assertThrows(IllegalArgumentException.class, () -> new T5Input(null, null, target, null, null, null));
        assertThrows(IllegalArgumentException.class, () -> new T5Input(ids, null, target, null, ids, null));
    }

    @Test
    void theEncoderIsReadFromTheWholeModel() {
        T5EncoderModel encoder = T5EncoderModel.fromPretrained(FAMILIES.resolve("t5"));
        assertTrue(encoder.call(ids, mask).lastHiddenState().allclose(model.encode(ids, mask), 1e-6, 1e-6, false));
        Tensor positions = Torch.arange(0, 4, 1, TensorOptions.of(DType.INT64)).unsqueeze(0);
        Exception e = assertThrows(Exception.class, () -> encoder.call(new EncoderInput(ids, mask, null, positions)));
        assertTrue(String.valueOf(e.getMessage()).contains("positionIds"), e.toString());
    }

    @Test
    void aWeightThatWasNeverUsedIsLeftOut(@TempDir Path folder) throws IOException {
        Path from = FAMILIES.resolve("t5");
        Map<String, Tensor> tensors = new LinkedHashMap<>(
                Checkpoint.load(from.resolve("model.safetensors")).tensors());
        tensors.put("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight", Torch.zeros(32, 4));
        Checkpoint.saveSafetensors(folder.resolve("model.safetensors"), tensors);
        Files.copy(from.resolve("config.json"), folder.resolve("config.json"));
        assertEquals(
                model.stateDict().keySet(),
                T5ForConditionalGeneration.fromPretrained(folder).stateDict().keySet());
        tensors.put("decoder.block.0.layer.1.EncDecAttention.other.weight", Torch.zeros(32, 4));
        Checkpoint.saveSafetensors(folder.resolve("model.safetensors"), tensors);
        assertThrows(StateDictException.class, () -> T5ForConditionalGeneration.fromPretrained(folder));
    }

    @Test
    void bucketsThatCannotBeComputedAreRefused() {
        ConfigException e =
                assertThrows(ConfigException.class, () -> new T5Config(Map.of("relative_attention_max_distance", 8)));
        assertTrue(String.valueOf(e.getMessage()).contains("relative_attention_max_distance = 8"), e.toString());
        assertThrows(ConfigException.class, () -> new T5Config(Map.of("feed_forward_proj", "gated-sine")));
    }
}
