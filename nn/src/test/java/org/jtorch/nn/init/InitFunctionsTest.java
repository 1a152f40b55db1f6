package org.jtorch.nn.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Recording;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares the functions of torch.nn.init with PyTorch's results for the same seed. */
class InitFunctionsTest {

    private static Map<String, String> recorded(String name) {
        return Recording.read(InitFunctionsTest.class, name);
    }

    @Test
    void everyRecordedCallIsTriedAndNoOther() {
        Set<String> recorded = new HashSet<>();
        for (String name : List.of("values.txt", "large.txt", "orthogonal.txt", "errors.txt", "warnings.txt")) {
            recorded.addAll(recorded(name).keySet());
        }
        assertEquals(recorded, InitCalls.CALLS.keySet());
    }

    private static Stream<DynamicTest> each(String name, BiConsumer<String, String> check) {
        Map<String, String> recorded = recorded(name);
        assertTrue(recorded.size() > 4);
        return recorded.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    try (TensorScope scope = new TensorScope()) {
                        check.accept(e.getKey(), e.getValue());
                    }
                }));
    }

    private static Object call(String expression) {
        return InitCalls.CALLS.get(expression).get();
    }

    /** Returns the values, followed by the next number of the default generator. */
    private static String seeded(String expression, Function<Tensor, String> show) {
        Torch.manualSeed(42);
        return show.apply((Tensor) call(expression)) + "\n" + Recording.bits(Torch.rand(1));
    }

    @TestFactory
    Stream<DynamicTest> valuesArePyTorchsBitForBit() {
        return each("values.txt", (call, bits) -> assertEquals(bits, seeded(call, Recording::bits)));
    }

    @TestFactory
    Stream<DynamicTest> thoseOfLargeTensorsToo() {
        return each("large.txt", (call, digest) -> assertEquals(digest, seeded(call, InitFunctionsTest::digest)));
    }

    private static String digest(Tensor tensor) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(Recording.bytes(tensor));
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The factorization comes from another library, so its last bits differ. */
    @TestFactory
    Stream<DynamicTest> orthogonalMatricesArePyTorchs() {
        return each("orthogonal.txt", (call, bits) -> {
            Torch.manualSeed(42);
            Tensor made = (Tensor) call(call);
            String[] lines = bits.split("\n", -1);
            double[] expected = doubles(lines[0], made.dtype());
            assertArrayEquals(expected, made.toDoubleArray(), made.dtype() == DType.FLOAT64 ? 1e-12 : 1e-5);
            assertEquals(lines[1], Recording.bits(Torch.rand(1)));
        });
    }

    private static double[] doubles(String bits, DType dtype) {
        if (bits.isEmpty()) {
            return new double[0];
        }
        return Stream.of(bits.split(" "))
                .mapToDouble(hex -> dtype == DType.FLOAT64
                        ? Double.longBitsToDouble(Long.parseUnsignedLong(hex, 16))
                        : Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 16)))
                .toArray();
    }

    @Test
    void orthogonalRowsAndColumnsAre() {
        Tensor wide = Init.orthogonal_(Torch.empty(5, 2, 4), 3.0).view(5, 8);
        assertTrue(wide.mm(wide.t()).allclose(Torch.eye(5).mul(9), 1e-5, 1e-5));
        Tensor tall = Init.orthogonal_(Torch.empty(8, 5));
        assertTrue(tall.t().mm(tall).allclose(Torch.eye(5), 1e-5, 1e-5));
    }

    @Test
    void gains() {
        Map<String, String> recorded = recorded("gains.txt");
        assertEquals(Nonlinearity.values().length + 12, recorded.size());
        recorded.forEach((key, value) -> {
            String[] words = key.split(" ");
            Nonlinearity nonlinearity = Nonlinearity.of(words[0]);
            double gain = words.length == 1
                    ? Init.calculateGain(nonlinearity)
                    : Init.calculateGain(nonlinearity, Double.parseDouble(words[1]));
            assertEquals(Double.parseDouble(value), gain, key);
        });
    }

    @TestFactory
    Stream<DynamicTest> errorsHavePyTorchsWords() {
        return each("errors.txt", (call, words) -> {
            RuntimeException error = assertThrows(RuntimeException.class, () -> call(call));
            assertTrue(error.getMessage().startsWith(words), () -> error.getMessage() + "\nlacks\n" + words);
        });
    }

    @TestFactory
    Stream<DynamicTest> warningsArePyTorchs() {
        return each("warnings.txt", (call, words) -> assertEquals(words, String.join("\n", warnings(call))));
    }

    private static List<String> warnings(String call) {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord event) {
                warnings.add(event.getMessage());
            }

            @Override
            public void flush() {
                // Nothing is kept.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        Logger logger = Logger.getLogger(Init.class.getName());
        boolean parents = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            call(call);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(parents);
        }
        return warnings;
    }

    @Test
    void aTensorWithoutValuesStaysAsItIs() {
        List<UnaryOperator<Tensor>> all = List.of(
                Init::uniform_,
                Init::normal_,
                Init::truncNormal_,
                t -> Init.constant_(t, 3),
                Init::ones_,
                Init::zeros_,
                Init::eye_,
                Init::xavierUniform_,
                Init::xavierNormal_,
                Init::kaimingUniform_,
                Init::kaimingNormal_,
                Init::orthogonal_,
                t -> Init.sparse_(t, 0.5));
        for (UnaryOperator<Tensor> init : all) {
            Tensor meta = Torch.empty(new long[] {3, 4}, TensorOptions.of(Device.META));
            assertSame(meta, init.apply(meta));
            assertEquals(Device.META, meta.device());
        }
        Tensor meta = Torch.empty(new long[] {3, 4, 3}, TensorOptions.of(Device.META));
        assertSame(meta, Init.dirac_(meta));
    }

    @Test
    void parametersAreFilledOutsideOfTheGraph() {
        Parameter matrix = new Parameter(Torch.empty(3, 3));
        for (UnaryOperator<Tensor> init : List.<UnaryOperator<Tensor>>of(
                Init::truncNormal_, Init::eye_, Init::orthogonal_, t -> Init.sparse_(t, 0.5))) {
            assertSame(matrix, init.apply(matrix));
            assertTrue(matrix.isLeaf() && matrix.requiresGrad());
        }
        Parameter kernel = new Parameter(Torch.empty(3, 3, 3));
        assertSame(kernel, Init.dirac_(kernel));
        assertTrue(kernel.isLeaf() && kernel.requiresGrad());
    }

    @Test
    void negativeGroupsAreRefused() {
        assertEquals(
                "groups must be positive, but is -1",
                assertThrows(IllegalArgumentException.class, () -> Init.dirac_(Torch.empty(2, 2, 2), -1))
                        .getMessage());
    }
}
