package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.autograd.Autograd;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * What the public methods of {@link Tensor} and {@link Torch} throw for tensors that they cannot take: never the engine's bare
 * RuntimeException, and no message that tells of the engine's source.
 */
class EngineErrorTest {

    /** What no message may say: it would tell of the engine's source, not of the user's call. */
    private static final List<String> INTERNALS = List.of(
            "Exception raised from",
            "frame #",
            ".cpp",
            ".h:",
            "TorchScript interpreter",
            "INTERNAL ASSERT",
            "registered at",
            "enforce fail",
            "Facebook",
            "report a bug",
            "report an enhancement");

    /** Methods that wait, that end what the other calls need, or whose crashes a suite of its own is about. */
    private static final Set<String> LEFT_OUT = Set.of(
            "wait",
            "notify",
            "notifyAll",
            "getClass",
            "close",
            "mapFile",
            "channelShuffle",
            "nativeChannelShuffle",
            "weightNorm",
            "gruCell",
            "lstmCell");

    static Map<String, Supplier<Tensor>> tensors() {
        Map<String, Supplier<Tensor>> made = new LinkedHashMap<>();
        made.put("sparse", () -> matrix().toSparse());
        made.put("csr", () -> made("aten::to_sparse_csr", matrix(), null));
        made.put(
                "nested",
                () -> Ops.own(BoxedOps.tensor(
                        "_nested_tensor_from_tensor_list",
                        "",
                        List.of(Torch.ones(2), Torch.ones(3)),
                        null,
                        null,
                        null,
                        null)));
        made.put(
                "meta",
                () -> Torch.empty(
                        new long[] {2, 2}, TensorOptions.of(DType.FLOAT32).device(Device.META)));
        made.put("quantized", () -> made("aten::quantize_per_tensor", matrix(), 0.1, 0, DType.QINT8));
        made.put("inference", () -> Autograd.inferenceMode(EngineErrorTest::matrix));
        made.put("leaf", () -> matrix().requiresGrad_());
        made.put("complex", () -> Torch.complex(matrix(), matrix()));
        made.put("conjugate", () -> Torch.complex(matrix(), matrix()).conj());
        made.put("bool", () -> matrix().bool());
        made.put("int", () -> matrix().int32());
        made.put("half", () -> matrix().half());
        made.put("bits", () -> matrix().view(DType.BITS8));
        made.put("scalar", () -> Torch.tensor(1.5));
        made.put("empty", () -> Torch.empty(0, 2));
        made.put("expanded", () -> Torch.ones(1).expand(2, 2));
        made.put("closed", () -> {
            Tensor tensor = matrix();
            tensor.close();
            return tensor;
        });
        return made;
    }

    private static Tensor made(String operator, @Nullable Object... arguments) {
        return (Tensor) Operator.find(operator, "").call(arguments).get(0);
    }

    private static Tensor matrix() {
        return Torch.tensor(new float[] {1, 0, 2, 3}, 2, 2);
    }

    @Test
    void memoryThatIsNotThereIsASentenceWithItsSize() {
        TorchException e = assertThrows(TorchException.class, () -> Torch.empty(1L << 50));
        assertEquals(
                "out of memory: aten::empty asked for 4,503,599,627,370,496 bytes (4194304.0 GiB), which the system does not"
                        + " have",
                e.getMessage());
    }

    @Test
    void aMissingDeviceIsTheSameSentenceEverywhere() {
        assumeFalse(Cuda.isAvailable(), "it is about machines without CUDA");
        String expected = "there is no CUDA device: the engine in use was built without CUDA. Use Device.CPU, or"
                + " Device.best() for the best available device";
        TensorOptions there = TensorOptions.of(DType.FLOAT32).device(Device.cuda(0));
        Tensor x = matrix();
        List<Executable> calls = List.of(
                x::cuda,
                () -> x.to(Device.of("cuda")),
                () -> x.to(Device.cuda(1), DType.FLOAT64),
                () -> Torch.zeros(new long[] {2}, there),
                () -> Torch.empty(new long[] {2}, there),
                () -> Torch.randn(new long[] {2}, there),
                () -> Torch.zerosLike(x, there),
                () -> x.newZeros(new long[] {2}, there),
                () -> Torch.tensor(new float[] {1}, there),
                () -> Torch.tensor(1.5, there),
                () -> Torch.scalarTensor(1, there));
        for (Executable call : calls) {
            assertEquals(expected, assertThrows(TorchException.class, call).getMessage());
        }
    }

    @Test
    void anOperatorThatALayoutDoesNotHaveIsASentence() {
        Tensor sparse = matrix().toSparse();
        assertEquals(
                "aten::as_strided does not take sparse tensors, only dense, quantized: toDense() it first",
                assertThrows(TorchException.class, () -> sparse.asStrided(new long[] {1}, new long[] {1}))
                        .getMessage());
    }

    @Test
    void whatIsAskedOfATensorThatHasItNotIsATorchException() {
        Tensor sparse = matrix().toSparse();
        assertThrows(TorchException.class, sparse::nbytes);
        assertThrows(TorchException.class, sparse::dataPtr);
        assertThrows(TorchException.class, () -> sparse.isAliasOf(sparse));
        Tensor rows = made("aten::to_sparse_csr", matrix(), null);
        assertThrows(TorchException.class, rows::strides);
        Tensor inference = Autograd.inferenceMode(EngineErrorTest::matrix);
        assertEquals(
                "Inference tensors do not track version counter.",
                assertThrows(TorchException.class, inference::version).getMessage());
    }

    @Test
    void theTypeOfATensorHasPythonsName() {
        assertEquals(
                "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got"
                        + " torch.FloatTensor instead (while checking arguments for embedding). Labels and indices must be"
                        + " int64: call int64() on them",
                assertThrows(TorchException.class, () -> matrix().embedding(matrix(), -1, false, false))
                        .getMessage());
    }

    /** An error that merely names a tensor of int64 is not about its type. */
    @Test
    void indicesThatWereChanged() {
        Tensor indices = Torch.tensor(new long[] {1, 2});
        Tensor sum = Torch.ones(4, 2)
                .requiresGrad_()
                .embedding(indices, -1, false, false)
                .sum();
        indices.fill_(0);
        String message = assertThrows(TorchException.class, sum::backward).getMessage();
        assertTrue(message.contains("[torch.LongTensor [2]] is at version 1"), message);
        assertTrue(message.contains("Autograd.detectAnomaly()"), message);
        assertFalse(message.contains("call int64()"), message);
    }

    @Test
    void anErrorIsCheap() {
        Tensor a = Torch.ones(2);
        Tensor b = Torch.ones(3);
        int times = 400;
        for (int warm = 0; warm < times; warm++) {
            assertThrows(TorchException.class, () -> a.add(b));
        }
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            assertThrows(TorchException.class, () -> a.add(b));
        }
        long each = (System.nanoTime() - start) / times;
        // some 30 us on an idle machine; with the C++ frames they are 5 ms
        assertTrue(each < 1_000_000, each + " ns for an error");
    }

    @Test
    void theEnginesFramesComeBackOnDemand() throws Exception {
        assertEquals("none\n", output());
        String frames = output("-Djtorch.cppStackTraces=true");
        assertTrue(frames.contains("frame #"), frames);
    }

    private static String output(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CauseOfAnError.class.getName()));
        Path errors = Files.createTempFile("cause", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), Files.readString(errors));
            return text;
        } finally {
            Files.delete(errors);
        }
    }

    /** A program that prints the cause of an error of the engine. */
    static final class CauseOfAnError {
        public static void main(String[] args) {
            try {
                Torch.ones(2).add(Torch.ones(3));
            } catch (TorchException e) {
                System.out.print((e.getCause() == null ? "none" : e.getCause().getMessage()) + "\n");
            }
        }
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> everyMethod() {
        return tensors().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Map<String, String> wrong = new TreeMap<>();
                    int failures = 0;
                    for (Method method : methods()) {
                        for (int variant = 0; variant < 3; variant++) {
                            failures += call(method, entry.getValue(), variant, wrong);
                        }
                    }
                    assertEquals(Map.of(), wrong);
                    assertTrue(failures > 50, "only " + failures + " calls failed: the test does not do its work");
                }));
    }

    private static List<Method> methods() {
        return Stream.of(Tensor.class, Torch.class)
                .flatMap(c -> Arrays.stream(c.getMethods()))
                .filter(m -> m.getDeclaringClass() != Object.class && !LEFT_OUT.contains(m.getName()))
                .filter(m -> Modifier.isStatic(m.getModifiers())
                        == m.getDeclaringClass().isAssignableFrom(Torch.class))
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    private static int call(Method method, Supplier<Tensor> tensor, int variant, Map<String, String> wrong) {
        try (TensorScope scope = new TensorScope()) {
            Tensor self = tensor.get();
            List<Object> arguments = new ArrayList<>();
            for (Class<?> type : method.getParameterTypes()) {
                arguments.add(argument(type, self, variant));
            }
            if (arguments.contains(null) || (Modifier.isStatic(method.getModifiers()) && !arguments.contains(self))) {
                return 0; // it takes something else, or no tensor
            }
            method.invoke(self, arguments.toArray());
            return 0;
        } catch (InvocationTargetException e) {
            String fault = fault(e.getCause());
            if (fault != null) {
                wrong.put(method.getName() + Arrays.toString(method.getParameterTypes()), fault);
            }
            return 1;
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Object argument(Class<?> type, Tensor self, int variant) {
        if (type == Tensor.class) {
            return variant == 2 ? Torch.ones(3, 1, 2) : self;
        } else if (type == long.class || type == Long.class) {
            return variant == 0 ? 0L : variant == 1 ? 1L : -7L;
        } else if (type == int.class) {
            return variant;
        } else if (type == double.class) {
            return 0.5;
        } else if (type == Number.class || type == Double.class) {
            return 0.5;
        } else if (type == boolean.class || type == Boolean.class) {
            return variant == 0;
        } else if (type == long[].class) {
            return variant == 0 ? new long[] {0} : variant == 1 ? new long[] {1, 1} : new long[] {-7, 3, 5};
        } else if (type == String.class) {
            return "none";
        } else if (type == DType.class) {
            return variant == 0 ? DType.INT64 : variant == 1 ? DType.FLOAT64 : DType.BITS8;
        } else if (type == Device.class) {
            return variant == 0 ? Device.META : Device.cuda(0);
        } else if (type == MemoryFormat.class) {
            return MemoryFormat.CHANNELS_LAST;
        } else if (type == TensorOptions.class) {
            return variant == 0
                    ? TensorOptions.DEFAULT
                    : TensorOptions.of(DType.FLOAT32).device(Device.cuda(0));
        } else if (type == Generator.class) {
            return new Generator();
        } else if (type == List.class) {
            return List.of(self, self);
        } else if (type == TensorHook.class) {
            return (TensorHook) grad -> null;
        } else if (type == Consumer.class) {
            return (Consumer<Object>) value -> {};
        } else if (type == float[].class) {
            return new float[] {1, 2};
        } else if (type == ByteBuffer.class) {
            return ByteBuffer.allocate(64);
        } else if (type == FloatBuffer.class) {
            return FloatBuffer.allocate(4);
        } else if (type == DoubleBuffer.class) {
            return DoubleBuffer.allocate(4);
        } else if (type == LongBuffer.class) {
            return LongBuffer.allocate(4);
        } else if (type == IntBuffer.class) {
            return IntBuffer.allocate(4);
        } else if (type == ShortBuffer.class) {
            return ShortBuffer.allocate(4);
        } else if (type == TensorIndex[].class) {
            return new TensorIndex[] {TensorIndex.at(variant)};
        }
        return null;
    }

    /** What is wrong with an exception, or null. */
    static String fault(Throwable thrown) {
        Class<?> type = thrown.getClass();
        if (type == RuntimeException.class || !(thrown instanceof RuntimeException)) {
            return type.getName() + ": " + thrown.getMessage();
        }
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            for (String internal : INTERNALS) {
                if (message.contains(internal)) {
                    return type.getSimpleName() + " says " + internal + ": " + message;
                }
            }
        }
        return null;
    }
}
