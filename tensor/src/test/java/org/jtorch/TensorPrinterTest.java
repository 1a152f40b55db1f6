package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jtorch.internal.text.PythonNumbers;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares with what Python printed, letter for letter; {@code parity/record/tensor_print.py} recorded it. */
class TensorPrinterTest {

    @TestFactory
    List<DynamicTest> printsAsPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = TensorPrinterTest.class.getResourceAsStream("print.json")) {
            for (JsonNode node : new ObjectMapper().readTree(in).get("cases")) {
                String expected = node.get("expected").asText();
                String name =
                        expected.lines().findFirst().orElse("") + (node.has("make") ? " " + node.get("make") : "");
                tests.add(DynamicTest.dynamicTest(tests.size() + " " + name, () -> {
                    Tensor tensor = node.has("make") ? make(node.get("make").asText()) : read(node);
                    assertEquals(expected, TensorPrinter.repr(tensor, options(node.path("options"))));
                }));
            }
        }
        assertTrue(tests.size() >= 140, "cases: " + tests.size());
        return tests;
    }

    private static Tensor read(JsonNode node) {
        ByteBuffer data = ByteBuffer.wrap(
                        Base64.getDecoder().decode(node.get("data").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        long[] shape = new long[node.get("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = node.get("shape").get(i).asLong();
        }
        Tensor tensor = Torch.fromBuffer(data, DType.of(node.get("dtype").asText()), shape);
        return node.get("requires_grad").asBoolean() ? tensor.requiresGrad_() : tensor;
    }

    private static PrintOptions options(JsonNode node) {
        PrintOptions options = PrintOptions.DEFAULT;
        options =
                node.has("precision") ? options.precision(node.get("precision").asInt()) : options;
        options =
                node.has("threshold") ? options.threshold(node.get("threshold").asLong()) : options;
        options =
                node.has("edgeitems") ? options.edgeitems(node.get("edgeitems").asInt()) : options;
        options =
                node.has("linewidth") ? options.linewidth(node.get("linewidth").asInt()) : options;
        return node.has("sci_mode") ? options.sciMode(node.get("sci_mode").asBoolean()) : options;
    }

    private static Tensor make(String name) {
        Tensor x = Torch.tensor(new float[][] {{1, 2, 3}, {4, 5, 6}}).requiresGrad_();
        Tensor plain = x.detach();
        Tensor pairs = Torch.tensor(new float[][] {{1, 2}, {3, -4}});
        Tensor tall = Torch.tensor(new float[][] {{1}, {2}});
        return switch (name) {
            case "add" -> x.add(1);
            case "view" -> x.view(6);
            case "matmul" -> x.matmul(x.t());
            case "mean" -> x.mean();
            case "sliceSetItem" -> {
                Tensor y = x.mul(1);
                y.select(0, 0).fill_(9);
                yield y;
            }
            case "transposed" -> plain.t();
            case "strided" ->
                Torch.arange(3000).reshape(30, 100).slice(0, 0L, 30L, 2).slice(1, 0L, 100L, 3);
            case "expanded" -> tall.expand(2, 4);
            case "expandedLarge" -> tall.expand(2, 4000);
            case "meta" -> Torch.zeros(new long[] {2, 3}, TensorOptions.of(Device.META));
            case "metaInt" ->
                Torch.zeros(new long[] {2}, TensorOptions.of(Device.META).dtype(DType.INT64));
            case "metaGrad" ->
                Torch.zeros(new long[] {0}, TensorOptions.of(Device.META).requiresGrad(true));
            case "conj" -> Ops.own(torch.view_as_complex(pairs.handle()).conj());
            case "conjImag" ->
                Ops.own(torch.imag(torch.view_as_complex(pairs.handle()).conj()));
            case "sparse" ->
                Ops.own(Torch.tensor(new float[][] {{0, 1.5f, 0}, {2, 0, 0}})
                        .handle()
                        .to_sparse());
            case "sparseEmpty" ->
                Ops.own(Torch.zeros(new long[] {2, 2}).handle().to_sparse());
            case "csr" ->
                Ops.own(Torch.tensor(new float[][] {{0, 2}, {3, 0}}).handle().to_sparse_csr());
            case "quantized" ->
                Ops.own(torch.quantize_per_tensor(
                        Torch.tensor(new float[] {1, 2}).handle(), 0.1, 10, DType.QUINT8.scalarType));
            case "mkldnn" -> Ops.own(Torch.ones(new long[] {2, 2}).handle().to_mkldnn());
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Test
    void optionsAreGlobal() {
        Torch.setPrintoptions(PrintOptions.DEFAULT.precision(2));
        try {
            assertEquals("tensor(3.14)", Torch.tensor(3.14159).toString());
        } finally {
            Torch.setPrintoptions(PrintOptions.DEFAULT);
        }
        assertEquals("tensor(3.1416)", Torch.tensor(3.14159).toString());
        assertEquals(PrintOptions.DEFAULT, Torch.getPrintoptions());
        assertThrows(IllegalArgumentException.class, () -> PrintOptions.DEFAULT.linewidth(0));
    }

    @Test
    void whatCannotBeReadStillPrints() {
        Tensor closed = Torch.tensor(1);
        closed.close();
        assertEquals("tensor(freed)", closed.toString());
        Tensor bits = Torch.tensor(new byte[] {1}).view(DType.INT4);
        assertEquals("tensor(..., size=(1,), dtype=torch.int4)", bits.toString());
    }

    @Test
    void printingIsNotRecorded() {
        List<String> ops = new ArrayList<>();
        Tensor x = Torch.tensor(new float[] {1, 2}).requiresGrad_();
        try (var recorder = OpRecorder.start(op -> ops.add(op.operator()))) {
            assertEquals("tensor([1., 2.], requires_grad=True)", x.toString());
        }
        assertEquals(List.of(), ops);
    }

    @Test
    void floatsAsPythonWritesThem() {
        assertEquals("0.1", PythonNumbers.repr(0.1));
        assertEquals("1e-05", PythonNumbers.repr(1e-5));
        assertEquals("0.0001", PythonNumbers.repr(1e-4));
        assertEquals("1e+16", PythonNumbers.repr(1e16));
        assertEquals("1234567890123456.0", PythonNumbers.repr(1234567890123456.0));
        assertEquals("2e-323", PythonNumbers.repr(2e-323));
        assertEquals("5.684341886080802e-14", PythonNumbers.repr(0x1p-44));
        assertEquals("-1.5e+300", PythonNumbers.repr(-1.5e300));
        assertEquals("-0.0", PythonNumbers.repr(-0.0));
        assertEquals("nan", PythonNumbers.repr(Double.NaN));
    }
}
