package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types of the safetensors format whose elements are not whole bytes, or that PyTorch does not have. */
class SafetensorsTypesTest {

    @TempDir
    Path folder;

    /** A file with a tensor {@code x} as it is said here, and one of two bytes, {@code b}, after it. */
    private Path file(String type, String shape, int bytes) throws IOException {
        String header = "{\"x\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":[0," + bytes
                + "]}," + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[" + bytes + "," + (bytes + 2)
                + "]}}";
        ByteBuffer file = ByteBuffer.allocate(8 + header.length() + bytes + 2).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < bytes + 2; i++) {
            file.put((byte) (i * 7));
        }
        return Files.write(folder.resolve("types.safetensors"), file.array());
    }

    /** As {@code safetensors.torch.load_file} returns them, with two numbers in each element. */
    @Test
    void pairsOfNumbers() throws IOException {
        Path file = file("F4", "[3,32]", 48);
        TensorInfo info = Checkpoint.open(file).tensors().get("x");
        assertEquals(DType.FLOAT4_E2M1FN_X2, info.dtype());
        assertArrayEquals(new long[] {3, 32}, info.shape());
        assertArrayEquals(new long[] {32, 1}, info.strides());
        assertEquals(96, info.numel());
        assertEquals(48, info.nbytes());
        assertEquals("torch.float4_e2m1fn_x2[3, 32]", info.toString());
        Tensor loaded = Checkpoint.load(file).stateDict().get("x");
        assertEquals(DType.FLOAT4_E2M1FN_X2, loaded.dtype());
        assertArrayEquals(new long[] {3, 16}, loaded.shape());
        assertArrayEquals(new long[] {16, 1}, loaded.strides());
        assertEquals(
                7 * 47 & 0xff,
                loaded.view(DType.UINT8).select(0, 2).select(0, 15).item());
        // which no other type takes the place of
        Checkpoint floats = Checkpoint.load(file, o -> o.dtype(DType.FLOAT32));
        assertEquals(DType.FLOAT4_E2M1FN_X2, floats.stateDict().get("x").dtype());
    }

    @Test
    void pairsOfNumbersWrittenAgain() throws IOException {
        Path file = file("F4", "[2,3,4]", 12);
        Tensor original = Checkpoint.load(file).stateDict().get("x");
        Path saved = folder.resolve("saved.safetensors");
        Checkpoint.saveSafetensors(saved, Map.of("x", original));
        Path torch = folder.resolve("converted.pt");
        Checkpoint.convert(file, torch);
        Path back = folder.resolve("back.safetensors");
        Checkpoint.convert(torch, back);
        for (Path each : new Path[] {saved, torch, back}) {
            Tensor again = Checkpoint.load(each).stateDict().get("x");
            assertEquals(Recorded.sha256(original.view(DType.UINT8)), Recorded.sha256(again.view(DType.UINT8)));
            assertArrayEquals(new long[] {2, 3, 2}, again.shape());
        }
        assertArrayEquals(
                new long[] {2, 3, 4}, Checkpoint.open(back).tensors().get("x").shape());
        assertArrayEquals(
                new long[] {2, 3, 2}, Checkpoint.open(torch).tensors().get("x").shape());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F6_E2M3|[4]|3|of type F6_E2M3, which PyTorch has no dtype for",
                "F6_E3M2|[8,2]|12|of type F6_E3M2, which PyTorch has no dtype for",
                "X9_NEW|[5,3]|7|of type X9_NEW, which PyTorch has no dtype for",
                "F4|[4,1]|2|of type F4 and of shape [4, 1], but torch.float4_e2m1fn_x2 has two numbers in each element",
            })
    void whatPyTorchDoesNotHave(String type, String shape, int bytes, String why) throws IOException {
        Path file = file(type, shape, bytes);
        TensorInfo info = Checkpoint.open(file).tensors().get("x");
        assertFalse(info.isLoadable());
        assertEquals(type, info.typeName());
        assertEquals(type + shape.replace(",", ", "), info.toString());
        assertEquals(bytes, info.nbytes());
        assertEquals(DType.BITS8, info.dtype());
        assertEquals(2, Checkpoint.check(file, o -> {}).tensors());

        StateDict state = Checkpoint.load(file).stateDict();
        assertEquals(Set.of("b"), state.keySet());
        assertEquals(bytes * 7 & 0xff, state.get("b").select(0, 0).item());
        assertEquals(type, ((TensorInfo) state.entries().get("x")).typeName());
        Checkpoint all = Checkpoint.load(file);
        String asked =
                assertThrows(CheckpointException.class, () -> all.at("x")).getMessage();
        assertTrue(asked.startsWith("tensor 'x' cannot be loaded: it is " + why), asked);
        assertEquals(
                Set.of("b"),
                Checkpoint.load(file, o -> o.keys("b"::equals)).stateDict().keySet());
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> Checkpoint.load(file, o -> o.keys("x"::equals)));
        assertTrue(e.getMessage().startsWith(file + ": tensor 'x' cannot be loaded: it is " + why), e.getMessage());

        for (String to : new String[] {"to.pt", "to.safetensors"}) {
            Path target = folder.resolve(to);
            CheckpointException no = assertThrows(CheckpointException.class, () -> Checkpoint.convert(file, target));
            assertTrue(no.getMessage().contains("is " + why), no.getMessage());
            assertTrue(Files.notExists(target));
            Checkpoint.convert(file, target, o -> o.load(l -> l.keys("b"::equals)));
            assertEquals(Set.of("b"), Checkpoint.load(target).stateDict().keySet());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F4|[3]|2",
                "F4|[3]|1",
                "F4|[]|1",
                "F6_E3M2|[3]|2",
                "F6_E2M3|[4]|4",
                "F8_E8M0|[4]|8",
                "C64|[2]|8",
            })
    void bytesThatDoNotFit(String type, String shape, int bytes) throws IOException {
        Path file = file(type, shape, bytes);
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertTrue(
                e.getMessage().contains("tensor 'x' at bytes 0 to " + bytes + " does not have the bytes of a " + type),
                e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F8_E8M0|[2]|2|torch.float8_e8m0fnu",
                "F8_E4M3FNUZ|[2]|2|torch.float8_e4m3fnuz",
                "F8_E5M2FNUZ|[2]|2|torch.float8_e5m2fnuz",
                "C64|[2]|16|torch.complex64",
                "F4|[0]|0|torch.float4_e2m1fn_x2",
            })
    void whatItHas(String type, String shape, int bytes, String dtype) throws IOException {
        Tensor tensor = Checkpoint.load(file(type, shape, bytes)).stateDict().get("x");
        assertEquals(dtype, tensor.dtype().toString());
        assertEquals(shape, java.util.Arrays.toString(tensor.shape()));
    }
}
