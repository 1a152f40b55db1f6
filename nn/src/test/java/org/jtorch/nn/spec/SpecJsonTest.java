package org.jtorch.nn.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs written to and read from JSON. Tests of parity do the same with the contents of the recordings. */
class SpecJsonTest {

    // --- values ------------------------------------------------------------------------------------------------

    @Test
    void argumentsMayBeLeftOut() {
        assertEquals(ModuleSpec.of("ReLU"), ModuleSpec.fromJson("{\"module\": \"ReLU\"}"));
        assertEquals(
                ModuleSpec.of("Conv2d", List.of(3, 64, 7), Map.of("stride", 2)),
                ModuleSpec.fromJson("{\"kwargs\": {\"stride\": 2}, \"args\": [3, 64, 7], \"module\": \"Conv2d\"}"));
        assertEquals("{\"module\": \"ReLU\"}", ModuleSpec.of("ReLU").toJson());
        assertEquals(
                "{\"module\": \"Linear\", \"args\": [3, 4], \"kwargs\": {\"bias\": false}}",
                ModuleSpec.of("Linear", List.of(3, 4), Map.of("bias", false)).toJson());
    }

    @Test
    void everyKindOfValueComesBack() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("none", null);
        values.put("yes", true);
        values.put("whole", Long.MIN_VALUE);
        values.put("point", 1e-5);
        values.put("tenth", 0.1);
        values.put("zero", -0.0);
        values.put("one", 1.0);
        values.put("infinite", List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN));
        values.put("text", "gr\u00f6\u00dfe \"quoted\"\n\\ \u0001");
        values.put("lists", List.of(List.of(), List.of(1, List.of("a"))));
        values.put("dtype", DType.BFLOAT16);
        values.put("device", Device.cuda(1));
        values.put("function", new FunctionSpec("leaky_relu"));
        values.put("nested", ModuleSpec.of("Linear", List.of(3), Map.of("out_features", 4)));
        values.put("map", Map.of("any key", 1));
        values.put("empty", Map.of());
        values.put("clash", Map.of("module", 1));
        values.put("dict", Map.of("dict", Map.of("tuple", Map.of())));
        ModuleSpec spec = ModuleSpec.of("Identity", List.of("a", 2), values);
        ModuleSpec again = ModuleSpec.fromJson(spec.toJson());
        assertEquals(spec, again, spec.toJson());
        assertEquals(List.copyOf(values.keySet()), List.copyOf(again.kwargs().keySet()));
        assertEquals(spec.toJson(), again.toJson());
    }

    @Test
    void aTupleIsAList() {
        assertEquals(
                ModuleSpec.of("Conv2d", 3, 8, List.of(3, 5)),
                ModuleSpec.fromJson("{\"module\": \"Conv2d\", \"args\": [3, 8, {\"tuple\": [3, 5]}]}"));
    }

    /** Numbers are kept as Python keeps them, so that a spec created in Java is equal to the one that is read. */
    @Test
    void numbersOfAllWidthsAreLongsAndDoubles() {
        List<?> kept = ModuleSpec.of("Identity", 1, (short) 2, (byte) 3, 0.5f, List.of(4), Map.of("k", 5))
                .args();
        assertEquals(List.of(1L, 2L, 3L, 0.5, List.of(4L), Map.of("k", 5L)), kept);
    }

    @Test
    void aSpecDoesNotChangeWithTheListsItWasMadeOf() {
        List<Object> sizes = new java.util.ArrayList<>(List.of(3, 3));
        ModuleSpec spec = ModuleSpec.of("Conv2d", 1, 1, sizes);
        sizes.set(0, 5);
        assertEquals(List.of(3L, 3L), spec.args().get(2));
    }

    // --- tensors -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"})
    void tensorsComeBackToTheBit(String name) {
        DType dtype = DType.of(name);
        try (TensorScope scope = new TensorScope()) {
            Torch.manualSeed(3);
            Tensor values = Torch.randn(7, 5, 3)
                    .mul(dtype.isFloatingPoint() ? 1e3 : 20)
                    .abs()
                    .to(dtype);
            Tensor again = roundTrip(values);
            assertEquals(dtype, again.dtype());
            assertArrayEquals(values.shape(), again.shape());
            assertArrayEquals(
                    values.to(DType.FLOAT64).toDoubleArray(),
                    again.to(DType.FLOAT64).toDoubleArray());
            Tensor scalar = roundTrip(values.select(0, 0).select(0, 0).select(0, 0));
            assertEquals(0, scalar.dim());
            assertEquals(0, roundTrip(values.narrow(0, 0, 0).flatten()).numel());
        }
    }

    @Test
    void numbersThatAreNoneComeBackInTensors() {
        float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, 0.1f};
        Tensor again = roundTrip(Torch.tensor(values).requiresGrad_());
        assertTrue(again.requiresGrad());
        assertArrayEquals(values, again.detach().toFloatArray());
    }

    private static Tensor roundTrip(Tensor tensor) {
        String json = ModuleSpec.of("Identity", tensor).toJson();
        return (Tensor) Objects.requireNonNull(ModuleSpec.fromJson(json).args().get(0));
    }

    @Test
    void aTensorWithoutADtypeIsAsTorchTensorMakesIt() {
        assertEquals(DType.INT64, tensor("[1, 2]").dtype());
        assertEquals(DType.FLOAT32, tensor("[1, 2.5]").dtype());
        assertEquals(DType.FLOAT32, tensor("[]").dtype());
        assertEquals(DType.BOOL, tensor("[[true], [false]]").dtype());
        assertEquals(2.5, tensor("2.5").item());
    }

    private static Tensor tensor(String values) {
        String json = "{\"module\": \"Identity\", \"args\": [{\"tensor\": " + values + "}]}";
        return (Tensor) Objects.requireNonNull(ModuleSpec.fromJson(json).args().get(0));
    }

    /** The tensor is part of the spec, which may outlive the scope in which it was read. */
    @Test
    void aTensorBelongsToNoScope() {
        ModuleSpec spec;
        try (TensorScope scope = new TensorScope()) {
            spec = ModuleSpec.fromJson("{\"module\": \"NLLLoss\", \"kwargs\": {\"weight\": {\"tensor\": [1.0, 3.0]}}}");
        }
        Module<?, ?> loss = spec.build();
        assertArrayEquals(new float[] {1, 3}, loss.getBuffer("weight").toFloatArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`tensor`: [[1, 2], [3]]} | lists of the same lengths, here [2, 2], but dimension 1 has a list of 1",
                "{`tensor`: [[1, 2], 3]} | dimension 1 has 3",
                "{`tensor`: [1, null]} | dimension 1 has null",
                "{`tensor`: [1, true]} | true is among the values of a tensor",
                "{`tensor`: [`a`]} | a is among the values of a tensor",
                "{`tensor`: null} | null is not a tensor",
                "{`tensor`: [1, 300], `dtype`: `uint8`} | the values [1, 300] do not fit into torch.uint8",
                "{`tensor`: [1.5], `dtype`: `int64`} | such as 1.5, are no torch.int64",
                "{`tensor`: [1], `dtype`: `bool`} | the values [1] do not fit into torch.bool",
                "{`tensor`: [true], `dtype`: `float32`} | do not fit into torch.float32",
                "{`tensor`: [1], `dtype`: `complex64`} | a tensor of torch.complex64 cannot be written as JSON",
                "{`tensor`: [1], `dtype`: `float31`} | no dtype is called 'float31'",
                "{`tensor`: [1], `requires_grad`: true} | args[0] (line 1, column 33): Only Tensors of floating point",
                "{`tensor`: [1], `requires_grad`: 1} | 1 is neither true nor false",
                "{`tensor`: `t3`} | a tensor is given by the name 't3': write its values",
                "{`tensor`: `t3`, `dtype`: `int64`} | has its own dtype",
            })
    void brokenTensorsAreRefused(String value, String reason) {
        refused("{`module`: `Identity`, `args`: [" + value + "]}", "args[0]", reason);
    }

    @Test
    void tensorsByName() {
        Tensor known = Torch.ones(2);
        List<@Nullable Object> read = SpecJson.args(
                "[{\"tensor\": \"t3\", \"requires_grad\": true}, 4]",
                name -> name.equals("t3") ? known : Torch.zeros(1));
        assertEquals(List.of(known, 4L), read);
        assertTrue(known.requiresGrad());
        Map<String, @Nullable Object> byName = SpecJson.kwargs("{\"tensor\": 1, \"args\": 2}", name -> known);
        assertEquals(Map.of("tensor", 1L, "args", 2L), byName);
    }

    // --- the text ----------------------------------------------------------------------------------------------

    @Test
    void theTextIsMadeForReaders() {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("conv", ModuleSpec.of("Conv2d", List.of(3, 16, 3), Map.of("padding", "same")));
        named.put("act", ModuleSpec.of("ReLU"));
        named.put("weights", Torch.arange(40));
        String json = ModuleSpec.of("Identity", named).toJson();
        assertEquals("""
                {
                  "module": "Identity",
                  "args": [
                    {
                      "conv": {"module": "Conv2d", "args": [3, 16, 3], "kwargs": {"padding": "same"}},
                      "act": {"module": "ReLU"},
                      "weights": {
                        "tensor": [
                          0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
                          25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39
                        ],
                        "dtype": "int64"
                      }
                    }
                  ]
                }""", json);
        assertEquals(json, ModuleSpec.fromJson(json).toJson());
    }

    /** Another JSON reader can read the text too. */
    @Test
    void theTextIsJson() throws IOException {
        String text = "a\u2028\u0000\"\\/\ud83d\ude00".repeat(40);
        ModuleSpec spec = ModuleSpec.of("Identity", text, List.of(text, text), 1e300, 5e-324, 1e16, 123456789.125);
        var tree = new ObjectMapper().readTree(spec.toJson());
        assertEquals(text, tree.get("args").get(1).get(1).asText());
        assertEquals(5e-324, tree.get("args").get(3).asDouble());
        assertEquals(spec, ModuleSpec.fromJson(spec.toJson()));
    }

    // --- containers --------------------------------------------------------------------------------------------

    @Test
    void everyContainerIsBuilt() {
        String sequential = """
                {"module": "Sequential", "args": [
                  {"conv": {"module": "Conv2d", "args": [1, 2, 3]}, "module": {"module": "ReLU"}}]}""";
        refused(sequential, "args[0].module (line 2", "{..} is not a string, as \"module\" has");
        Module<?, ?> named = ModuleSpec.fromJson(
                        sequential.replace("[\n  {", "[\n  {\"dict\": {").replace("}}]}", "}}}]}"))
                .build();
        assertEquals("""
                Sequential(
                  (conv): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))
                  (module): ReLU()
                )""", named.toString());
        String list =
                "{\"module\": \"ModuleList\", \"args\": [[{\"module\": \"Tanh\"}, {\"module\": \"Sequential\"}]]}";
        assertEquals(
                "ModuleList(\n  (0): Tanh()\n  (1): Sequential()\n)",
                ModuleSpec.fromJson(list).build().toString());
        String dict =
                "{\"module\": \"ModuleDict\", \"args\": [{\"a\": {\"module\": \"Tanh\"}, \"b\": {\"module\": \"Flatten\"}}]}";
        assertEquals(
                "ModuleDict(\n  (a): Tanh()\n  (b): Flatten(start_dim=1, end_dim=-1)\n)",
                ModuleSpec.fromJson(dict).build().toString());
        for (String json : List.of(list, dict)) {
            assertEquals(
                    ModuleSpec.fromJson(json),
                    ModuleSpec.fromJson(ModuleSpec.fromJson(json).toJson()));
        }
        assertEquals(
                "ModuleList()",
                ModuleSpec.fromJson("{\"module\": \"ModuleList\"}").build().toString());
    }

    @Test
    void usersClassesAreReadOnceTheyAreRegistered() {
        String json = "{\"module\": \"SpecJsonTestBlock\", \"args\": [4], \"kwargs\": {\"bias\": false}}";
        refused(json, "line 1, column 1: no module is called 'SpecJsonTestBlock'", "ModuleSpec.register");
        ModuleSpec.register(
                "SpecJsonTestBlock(channels, *, bias=True)",
                a -> new Linear(a.integer("channels"), a.integer("channels"), o -> o.bias(a.bool("bias"))));
        assertEquals(
                "Linear(in_features=4, out_features=4, bias=False)",
                ModuleSpec.fromJson(json).build().toString());
    }

    // --- what is refused ---------------------------------------------------------------------------------------

    /** The document, a part of the position, and a part of the reason. Backticks stand for quotes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "^^ | the document is empty | a model is",
                "[1] | line 1, column 1 | [..] is not an object: a model is",
                "`Linear` | line 1, column 1 | `Linear` is not an object",
                "{} | line 1, column 1 | there is no `module`, the object has no keys",
                "{`modul`: `ReLU`} | line 1, column 1 | there is no `module`, the object has 'modul'",
                "{`args`: [3, 4]} | line 1, column 1 | there is 'args' without a `module`",
                "{`dtype`: `float32`} | line 1, column 1 | there is no `module`, the object is torch.float32",
                "{`module`: `ReLU`, `kwarg`: {}} | line 1, column 1 | kwarg is unknown: beside `module` may stand args and kwargs",
                "{`module`: `ReLU`, `dtype`: `float32`} | line 1, column 1 | dtype is unknown",
                "{`module`: 3} | module (line 1, column 12) | 3 is not a string",
                "{`module`: `ReLU`, `args`: {}} | args (line 1, column 28) | {..} is not a list",
                "{`module`: `ReLU`, `kwargs`: []} | kwargs (line 1, column 30) | [..] is not an object",
                "{`module`: `ReLU`, `kwargs`: null} | kwargs (line 1, column 30) | null is not an object",
                "{`module`: `ReLU`} {} | line 1, column 20 | there is something after the end",
                "{`module`: `ReLU`} x | line 1, column | broken JSON",
                "{`module`: `ReLU` | line 1, column | broken JSON: Unexpected end-of-input",
                "{`module`: `ReLU`, `module`: `Tanh`} | line 1, column 28 | Duplicate field 'module'",
                "{`module`: `Identity`, `args`: [{`a`: 1, `a`: 2}]} | args[0].a (line 1 | Duplicate field 'a'",
                "{`module`: `Identity`, `args`: [NaN]} | args[0] (line 1 | write {`float`: `nan`}",
                "{`module`: `Identity`, `args`: [{`float`: `NaN`}]} | args[0] (line 1, column 33) | no float NaN: write a number",
                "{`module`: `Identity`, `args`: [1e400]} | args[0] (line 1, column 33) | 1e400 is beyond the range of a float",
                "{`module`: `Identity`, `args`: [9223372036854775808]} | args[0] | 9223372036854775808 does not fit into 64 bits",
                "{`module`: `Identity`, `args`: [{`dtype`: `float31`}]} | args[0] | no dtype is called 'float31'",
                "{`module`: `Identity`, `args`: [{`device`: `?`}]} | args[0] | '?' is not a device",
                "{`module`: `Identity`, `args`: [{`function`: `exit`}]} | args[0] | no function of one tensor is called 'exit'",
                "{`module`: `Identity`, `args`: [{`tuple`: 3}]} | args[0].tuple | 3 is not a list",
                "{`module`: `Identity`, `args`: [{`tuple`: [3], `x`: 1}]} | args[0] | x is unknown: beside `tuple` may stand nothing",
                "{`module`: `Identity`, `args`: [{`requires_grad`: true}]} | args[0] | 'requires_grad' without a `tensor`",
                "{`module`: `Identity`, `args`: [{`kwargs`: {}}]} | args[0] | 'kwargs' without a `module`",
                "{`module`: `java.lang.Runtime`} | line 1, column 1 | no module is called 'java.lang.Runtime'",
                "{`module`: `Sequential`, `args`: [{`module`: `Linear`, `args`: [3]}]} | args[0] (line 1, column 35) | missing 1 required positional argument: 'out_features'",
                "{`module`: `ReLU`, `kwargs`: {`in_place`: true}} | line 1, column 1 | got an unexpected keyword argument 'in_place'",
            })
    void badDocumentsAreRefusedWithPlaceAndRemedy(String json, String place, String reason) {
        refused(json, place, reason);
    }

    @Test
    void thePlaceIsThePathInTheDocument() {
        refused(
                """
                {
                  `module`: `Sequential`,
                  `args`: [
                    {`conv`: {`module`: `Conv2d`, `args`: [1, 2, 3],
                              `kwargs`: {`stride`: {`module`: `Nonesuch`}}}}
                  ]
                }""",
                "args[0].conv.kwargs.stride (line 5, column 36): no module is called 'Nonesuch'",
                "ModuleSpec.register");
    }

    @Test
    void deepNestingIsRefusedAndNotFollowed() {
        String deep = "[".repeat(100_000);
        refused("{`module`: `Identity`, `args`: " + deep, "line 1, column", "nesting depth (501) exceeds");
        String modules = "{`module`: `Sequential`, `args`: [".repeat(100_000);
        refused(modules, "line 1, column", "nesting depth (501) exceeds");
        // It is not written either, because what is written can be read again.
        Object value = 1;
        for (int i = 0; i < 498; i++) {
            value = List.of(value);
        }
        ModuleSpec deepest = ModuleSpec.of("Identity", value);
        assertEquals(deepest, ModuleSpec.fromJson(deepest.toJson()));
        ModuleSpec tooDeep = ModuleSpec.of("Identity", List.of(value));
        String message =
                assertThrows(IllegalArgumentException.class, tooDeep::toJson).getMessage();
        assertTrue(message.contains("nested more than 500 deep, at args[0][0]"), message);
    }

    /** The module checks the types of values, and the modules around it add the position. */
    @Test
    void aValueThatAModuleRefusesIsFound() {
        ModuleSpec spec = ModuleSpec.fromJson("""
                {"module": "Sequential", "args": [{"body": {"module": "Sequential", "args": [
                  {"module": "Linear", "args": [3, "four"]}]}}]}""");
        assertEquals(
                "in Sequential's 'body': in Sequential's '0': Linear's argument 'out_features' is four: give a whole number",
                assertThrows(IllegalArgumentException.class, spec::build).getMessage());
    }

    private static void refused(String json, String place, String reason) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> ModuleSpec.fromJson(json.replace('`', '"')));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(place.replace('`', '"')), message);
        assertTrue(message.contains(reason.replace('`', '"')), message);
        assertFalse(message.contains("\n"), message);
        assertTrue(message.length() < 600, message);
    }

    // --- what cannot be written --------------------------------------------------------------------------------

    @Test
    void whatIsNoDataIsNotWritten() {
        notWritten("args[0]: a live ReLU is not data: give a ModuleSpec", new ReLU());
        notWritten("args[0]: a live ModuleList is not data", new ModuleList<>(new ReLU()));
        notWritten("args[0][1].a: a live Linear", Arrays.asList(null, Map.of("a", new Linear(1, 1))));
        notWritten("args[0]: the key 3 is not a string", Map.of(3, 4));
        notWritten("args[0]: a [J cannot be written as JSON: give a number", new long[] {1});
        notWritten("a java.lang.Object cannot be written as JSON", new Object());
        notWritten("args[0]: a tensor of shape [300, 300] is not written", Torch.zeros(300, 300));
        notWritten("args[0]: a tensor of shape [0, 3] is not written", Torch.zeros(0, 3));
        notWritten("args[0]: a tensor of torch.complex64", Torch.zeros(2).to(DType.COMPLEX64));
        notWritten(
                "args[0]: a tensor that is lazy, sparse or on the meta",
                Torch.zeros(2).to(Device.META));
        ModuleSpec nested = ModuleSpec.of("Sequential", ModuleSpec.of("Identity", List.of(), Map.of("x", new ReLU())));
        assertTrue(assertThrows(IllegalArgumentException.class, nested::toJson)
                .getMessage()
                .startsWith("args[0].kwargs.x: a live ReLU"));
    }

    private static void notWritten(String message, Object value) {
        ModuleSpec spec = new ModuleSpec("Identity", Collections.singletonList(value), Map.of());
        String actual =
                assertThrows(IllegalArgumentException.class, spec::toJson).getMessage();
        assertTrue(actual.contains(message), actual);
    }

    // --- files -------------------------------------------------------------------------------------------------

    @TempDir
    Path folder;

    @Test
    void filesAreReadAndNamedInErrors() throws IOException {
        Path file = folder.resolve("model.json");
        ModuleSpec spec = ModuleSpec.of("Identity", "gr\u00f6\u00dfe");
        Files.writeString(file, spec.toJson());
        assertEquals(spec, ModuleSpec.fromJson(file));
        Files.writeString(file, "\ufeff" + spec.toJson()); // Some editors save files with this mark.
        assertEquals(spec, ModuleSpec.fromJson(file));
        Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        fileRefused(file, "broken JSON");
        Files.writeString(file, "{\"module\": \"Conv9d\"}");
        fileRefused(file, "line 1, column 1: no module is called 'Conv9d'");
        fileRefused(folder.resolve("none.json"), "there is no such file");
    }

    private static void fileRefused(Path file, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> ModuleSpec.fromJson(file))
                .getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(reason), message);
    }
}
