package org.jtorch.serialize;

import static org.jtorch.serialize.SameValues.assertSameValues;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.internal.torch.TorchWriter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is written is read as it was: random values of every kind, each of a seed of its own, which a failure tells. Other seeds are
 * tried by {@code -Djtorch.roundTrip.seed=}, the first of them.
 */
class RoundTripTest {

    private static final long FIRST = Long.getLong("jtorch.roundTrip.seed", 0);

    @TempDir
    Path folder;

    private interface Trial {
        void of(RandomValues values) throws IOException;
    }

    private static void trials(int count, Trial trial) {
        for (long seed = FIRST; seed < FIRST + count; seed++) {
            try (TensorScope scope = new TensorScope()) {
                trial.of(new RandomValues(seed));
            } catch (IOException | RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("of -Djtorch.roundTrip.seed=" + seed + ": " + e, e);
            }
        }
    }

    private static byte[] written(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TorchWriter.write(Channels.newChannel(bytes), "archive", value);
        return bytes.toByteArray();
    }

    private static void torch(RandomValues values) throws IOException {
        Object value = values.value();
        byte[] file = written(value);
        Object read = Checkpoint.load(ByteBuffer.wrap(file)).root();
        assertSameValues(value, read);
        // what is read is written as the same bytes
        assertArrayEquals(file, written(read));
    }

    private void safetensors(RandomValues values) throws IOException {
        Map<String, Tensor> tensors = values.tensors();
        Path file = folder.resolve("file.safetensors");
        Checkpoint.saveSafetensors(file, tensors, Map.of("text", "a"));
        assertDense(tensors, file);
        Path index = Checkpoint.saveSharded(
                folder.resolve("set.safetensors"), tensors, Map.of("format", "pt"), values.shardBytes());
        assertDense(tensors, index);
        assertEquals(new ArrayList<>(Checkpoint.open(index).tensors().keySet()).size(), tensors.size());
    }

    private static void assertDense(Map<String, Tensor> tensors, Path file) {
        StateDict read = Checkpoint.load(file, o -> o.verify(true)).stateDict();
        assertEquals(tensors.keySet(), read.keySet());
        tensors.forEach((name, tensor) -> {
            Tensor other = read.get(name);
            assertEquals(tensor.dtype(), other.dtype(), name);
            assertArrayEquals(tensor.shape(), other.shape(), name);
            assertTrue(other.isContiguous(), name);
            assertArrayEquals(bytes(tensor), bytes(other), name);
        });
    }

    /** The elements' bytes, row-major. */
    private static byte[] bytes(Tensor tensor) {
        Tensor values = tensor.detach();
        Tensor dense = tensor.dtype() == DType.FLOAT4_E2M1FN_X2
                ? values
                : values.clone().contiguous();
        int size = dense.dtype().itemSize();
        try (var storage = SameValues.storage(dense)) {
            byte[] bytes = new byte[(int) (dense.numel() * size)];
            storage.buffer(dense.storageOffset() * size, bytes.length).get(bytes);
            return bytes;
        }
    }

    @Test
    void values() {
        trials(2_000, RoundTripTest::torch);
    }

    @Test
    void tensors() {
        trials(500, this::safetensors);
    }

    @Test
    @Tag("soak")
    void manyValues() {
        trials(100_000, RoundTripTest::torch);
    }

    @Test
    @Tag("soak")
    void manyTensors() {
        trials(10_000, this::safetensors);
    }

    /** For {@code parity/record/round_trip.py}, which reads them with PyTorch and compares. */
    @Test
    @Tag("soak")
    void forPyTorch() throws IOException {
        Path target = Files.createDirectories(Path.of("target", "round_trip"));
        int[] number = {0};
        trials(Integer.getInteger("jtorch.roundTrip.files", 1_000), values -> {
            Object value = values.value();
            String name = String.format(Locale.ROOT, "%06d", number[0]++);
            Checkpoint.save(target.resolve(name + ".pt"), value);
            Files.writeString(
                    target.resolve(name + ".json"), ValueDescription.of(value).toString());
        });
    }

    /** The comparison sees what it is there for. */
    @Test
    void differencesAreSeen() {
        Object[][] pairs = {
            {1L, 2L},
            {0.0, -0.0},
            {new ArrayList<>(List.of(1L)), Tuple.of(1L)},
            {Map.of("a", 1L), Map.of("a", true)},
            {new OrderedDict(), new DefaultDict(null)},
            {new DefaultDict("builtins.int"), new DefaultDict(null)},
            {Torch.ones(2), Torch.zeros(2)},
            {Torch.ones(2), Torch.ones(2).requiresGrad_()},
            {Torch.ones(2, 2), Torch.ones(2, 2).t()},
        };
        for (Object[] pair : pairs) {
            assertThrows(
                    AssertionError.class, (Executable) () -> assertSameValues(pair[0], pair[1]), Arrays.toString(pair));
        }
        Tensor one = Torch.ones(4);
        Tensor other = Torch.ones(4);
        assertThrows(
                AssertionError.class,
                () -> assertSameValues(Tuple.of(one, one.view(2, 2)), Tuple.of(one, other.view(2, 2))));
        List<Object> list = new ArrayList<>();
        assertThrows(
                AssertionError.class,
                () -> assertSameValues(Tuple.of(list, list), Tuple.of(new ArrayList<>(), new ArrayList<>())));
    }
}
