package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small files that were reported, each under the number of its report. */
class ReportedFilesTest {

    @TempDir
    Path folder;

    private static Path file(String name) {
        return Recorded.file("reported/" + name);
    }

    private static Checkpoint load(String name) {
        return Checkpoint.load(file(name));
    }

    /** A state dict's keys and shapes. */
    private static void has(StateDict state, Object... keysAndShapes) {
        assertEquals(keysAndShapes.length / 2, state.size(), state.keySet().toString());
        for (int i = 0; i < keysAndShapes.length; i += 2) {
            assertArrayEquals(
                    (long[]) keysAndShapes[i + 1],
                    state.get(keysAndShapes[i]).shape(),
                    String.valueOf(keysAndShapes[i]));
        }
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    private static Map<String, List<String>> unknown(Checkpoint checkpoint) {
        return assertThrows(UnknownClassException.class, checkpoint::root).classes();
    }

    /** 01: a class of TorchScript that is not a module has no parentheses. */
    @Test
    void scriptedClass() {
        has(load("01_ts_script_class.pt").stateDict(), "l.weight", shape(1, 1), "l.bias", shape(1));
    }

    /** 03: OmegaConf's settings name built-in types; the state dict next to them is read. */
    @Test
    void omegaConf() {
        Checkpoint checkpoint = load("03_omegaconf_real.pt");
        has(checkpoint.at("state_dict").stateDict(), "w", shape(2));
        assertTrue(unknown(checkpoint).containsKey("omegaconf.dictconfig.DictConfig"));
        assertEquals(
                List.of("hyper_parameters"),
                unknown(checkpoint).get("omegaconf.dictconfig.DictConfig").subList(0, 1));
        PythonObject settings = assertInstanceOf(
                PythonObject.class,
                Checkpoint.load(file("03_omegaconf_real.pt"), LoadOptions::allowUnknownClasses)
                        .at("hyper_parameters")
                        .root());
        assertEquals("omegaconf.dictconfig.DictConfig", settings.name());
    }

    /** 04: {@code __builtin__.long} as the factory of a defaultdict. */
    @Test
    void defaultDictOfInt() {
        Checkpoint checkpoint = load("04_defaultdict_int.pt");
        has(checkpoint.at("sd").stateDict(), "w", shape(2));
        DefaultDict history =
                assertInstanceOf(DefaultDict.class, checkpoint.at("hist").root());
        assertEquals("builtins.int", history.factory());
        assertEquals(Map.of("a", 1L), history);
    }

    /** 05: bytes next to a tensor. */
    @Test
    void bytes() {
        Map<?, ?> root = (Map<?, ?>) load("05_bytes_diff.pt").root();
        assertInstanceOf(byte[].class, root.get("b"));
        assertArrayEquals(shape(4), ((Tensor) root.get("w")).shape());
    }

    /** 06: a whole model in a dict. */
    @Test
    void moduleInADict() {
        StateDict state = load("06_module_in_dict_diff.pt").at("model").stateDict();
        assertArrayEquals(shape(4, 4, 1, 1), state.get("model.1.cv.0.1.weight").shape());
        assertEquals(DType.FLOAT16, state.get("model.1.cv.0.1.weight").dtype());
    }

    /** 07: all unknown classes are listed together, each with its place. */
    @Test
    void allUnknownClassesAtOnce() {
        Checkpoint checkpoint = load("07_unknown_with_args.pt");
        has(checkpoint.at("state_dict").stateDict(), "weight", shape(2, 2), "bias", shape(2));
        assertEquals(3L, checkpoint.at("epoch").root());
        Map<String, List<String>> unknown = unknown(checkpoint);
        assertTrue(unknown.size() > 1, unknown.toString());
        assertEquals(unknown, Checkpoint.open(file("07_unknown_with_args.pt")).unknownClasses());
        unknown.forEach((name, places) -> {
            assertTrue(!places.isEmpty(), name);
            places.forEach(place -> assertTrue(!place.isEmpty(), name));
        });
        String[] names = unknown.keySet().toArray(new String[0]);
        assertInstanceOf(
                Map.class,
                Checkpoint.load(file("07_unknown_with_args.pt"), o -> o.allow(names))
                        .root());
    }

    /** 08: numpy's strings. */
    @Test
    void numpyStrings() {
        assertEquals("acc", load("08_np_str.pt").at("best").root());
        Checkpoint array = load("08b_np_str_array.pt");
        has(array.at("sd").stateDict(), "w", shape(2));
        PythonObject classes =
                assertInstanceOf(PythonObject.class, array.at("classes").root());
        assertEquals("numpy.ndarray", classes.name());
        assertTrue(
                classes.items().stream().allMatch(String.class::isInstance),
                classes.items().toString());
    }

    /** 09: built-in types as values. */
    @Test
    void builtinTypes() {
        Checkpoint checkpoint = load("09_builtin_types_p4.pt");
        assertEquals(DType.FLOAT16, checkpoint.at("dtype").root());
        assertEquals(
                new PythonGlobal("builtins.int"), checkpoint.at("types").at(0).root());
        assertInstanceOf(Map.class, checkpoint.root());
    }

    /** 10: the local part of a DTensor; its placement stays in the record. */
    @Test
    void dTensor() {
        Checkpoint checkpoint = load("10_dtensor.pt");
        has(checkpoint.stateDict(), "w", shape(4, 3), "b", shape(2));
        PythonObject tensor =
                assertInstanceOf(PythonObject.class, checkpoint.at("w").root());
        PythonObject placed = assertInstanceOf(PythonObject.class, tensor.attribute("_spec"));
        assertTrue(placed.attribute("placements") != null);
        Path to = folder.resolve("w.safetensors");
        Checkpoint.convert(file("10_dtensor.pt"), to);
        has(Checkpoint.load(to).stateDict(), "w", shape(4, 3), "b", shape(2));
    }

    /** 10c: a wrapper subclass of the user's own is a record with its tensors. */
    @Test
    void wrapperSubclass() {
        Checkpoint checkpoint = load("10c_wrapper_subclass.pt");
        has(checkpoint.stateDict(), "b", shape(3));
        PythonObject wrapper =
                (PythonObject) Checkpoint.load(file("10c_wrapper_subclass.pt"), LoadOptions::allowUnknownClasses)
                        .at("w")
                        .root();
        assertArrayEquals(shape(2, 2), ((Tensor) wrapper.attribute("a")).shape());
        assertArrayEquals(shape(), ((Tensor) wrapper.attribute("s")).shape());
        // the object, and its class among the arguments that it was made with
        assertEquals(Map.of("__main__.Wrap", List.of("w", "w.0")), unknown(checkpoint));
    }

    /** 11: a class as a key of a dict. */
    @Test
    void classAsKey() {
        Checkpoint checkpoint = load("11_class_as_key.pt");
        has(checkpoint.at("state_dict").stateDict(), "w", shape(2));
        PythonGlobal key = new PythonGlobal("pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint");
        assertEquals("x", checkpoint.at("callbacks").at(key).at("monitor").root());
        assertEquals(Map.of(key.name(), List.of("callbacks")), unknown(checkpoint));
    }

    /** 14: numpy's arrays in protocol 5, in the order of their memory. */
    @Test
    void numpyInOrderK() {
        Map<?, ?> root = (Map<?, ?>) load("14_numpy_p5_K.pt").root();
        NumpyArray array = (NumpyArray) root.get("t");
        assertArrayEquals(shape(3, 2, 4), array.shape());
        // numpy.arange(24).reshape(2, 3, 4).transpose(1, 0, 2)
        Tensor expected = Torch.arange(24).reshape(2, 3, 4).transpose(0, 1);
        assertTrue(
                Torch.equal(expected.contiguous(), array.toTensor()),
                array.toTensor().toString());
    }

    /** 16: a subclass of dict as the root. */
    @Test
    void dictSubclassAsRoot() {
        has(load("16_dict_subclass_root.pt").stateDict(), "w", shape(2), "b", shape(1));
        assertArrayEquals(
                shape(2), ((Tensor) load("16_dict_subclass_root.pt").at("w").root()).shape());
        Path to = folder.resolve("sd.pt");
        Checkpoint.convert(file("16_dict_subclass_root.pt"), to);
        assertInstanceOf(OrderedDict.class, Checkpoint.load(to).root());
    }

    /** 23: a whole model of torchvision, with functools.partial among its attributes. */
    @Test
    void wholeModelWithPartial() {
        StateDict state = load("23_whole_vit.pt").stateDict();
        assertEquals(152, state.size());
        assertEquals("class_token", state.keySet().iterator().next());
        assertArrayEquals(shape(1000, 768), state.get("heads.head.weight").shape());
    }

    /** 13: four-bit elements, whose shape the format counts in elements and PyTorch in bytes. */
    @Test
    void fourBits() {
        assertArrayEquals(
                shape(3, 32),
                Checkpoint.open(file("13_f4.safetensors")).tensors().get("t").shape());
        Tensor packed = load("13_f4.safetensors").stateDict().get("t");
        assertEquals(DType.of("float4_e2m1fn_x2"), packed.dtype());
        assertArrayEquals(shape(3, 16), packed.shape());
    }

    /** 17: a dtype that few operators accept, next to others. */
    @Test
    void fourBitsBesideOthers() {
        has(load("17_mix_float4_stats.pt").stateDict(), "a", shape(2), "q", shape(4));
    }

    /** 21: 2^40 elements in four bytes. */
    @Test
    void expanded() {
        assertArrayEquals(
                shape(1 << 20, 1 << 20), ((Tensor) load("21_expand_huge.pt").root()).shape());
    }

    /** 18, 25, 26 and 27: what they are, and what to do. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "18_two.distcp | torch.distributed.checkpoint",
                "25_pickle_dump.pt | save it again with torch.save",
                "26_lfs.pt | git lfs pull",
                "27_gz.pt | gunzip"
            })
    void noCheckpoints(String name, String remedy) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> load(name));
        assertTrue(e.getMessage().contains(remedy), e.getMessage());
        assertEquals(
                e.getMessage(),
                assertThrows(CheckpointException.class, () -> Checkpoint.check(file(name), o -> {}))
                        .getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    /** 30: a key of 60,000 characters. */
    @Test
    void longKey() {
        StateDict state = load("30_key60000.safetensors").stateDict();
        assertEquals(60_000, state.keySet().iterator().next().length());
    }

    @Test
    void anOptimizerInsteadOfItsState() {
        Checkpoint checkpoint = Checkpoint.load(Recorded.file("kinds/optimizer_object.pt"));
        CheckpointException e = assertThrows(CheckpointException.class, checkpoint::stateDict);
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "an object of the class torch.optim.adamw.AdamW, not a state dict: it is an optimizer."
                                        + " In Python, save its state_dict() instead"),
                e.getMessage());
    }

    /** Tensors whose keys are the same text are all listed, and parameters as keys have numbers. */
    @Test
    void keysThatLookAlike() {
        assertEquals(
                List.of("1", "1 (2)", "a.b", "a.b (2)"),
                List.copyOf(Checkpoint.open(Recorded.file("kinds/keys_alike.pt"))
                        .tensors()
                        .keySet()));
        assertEquals(
                List.of(
                        "state.<tensor 0>.step",
                        "state.<tensor 0>.exp_avg",
                        "state.<tensor 0>.exp_avg_sq",
                        "state.<tensor 1>.step",
                        "state.<tensor 1>.exp_avg",
                        "state.<tensor 1>.exp_avg_sq",
                        "param_groups.0.params.0",
                        "param_groups.0.params.1"),
                List.copyOf(Checkpoint.open(Recorded.file("kinds/optimizer_object.pt"))
                        .tensors()
                        .keySet()));
    }

    /** Tensors are listed in the order of the file, including nested ones. */
    @Test
    void order() {
        Path nested = Recorded.file("kinds/order.pt");
        List<String> keys = List.of("a.z", "a.b.0", "a.b.1.y", "w", "c.x");
        assertEquals(keys, List.copyOf(Checkpoint.open(nested).tensors().keySet()));
        assertEquals(keys, List.copyOf(Checkpoint.load(nested).tensors().keySet()));
    }

    /** What is listed is found by the same keys, of modules, dataclasses and what was made by a call. */
    @ParameterizedTest
    @CsvSource({
        "dataclass.pt, config.w",
        "dataclass.pt, sd.b",
        "slots.pt, s.w",
        "named_tuple.pt, p.0",
        "reduced.pt, r.0.x",
        "whole_partial.pt, fc.weight",
        "whole_partial.pt, hidden",
        "whole_compiled.pt, _orig_mod.0.weight",
        "order.pt, a.b.1.y",
        "optimizer_object.pt, param_groups.0.params.1",
        "list_subclass_p2.pt, 1.w"
    })
    void placesAreKeys(String name, String place) {
        Path kinds = Recorded.file("kinds/" + name);
        Tensor tensor =
                assertInstanceOf(Tensor.class, Checkpoint.load(kinds).at(place).root());
        assertArrayEquals(Checkpoint.open(kinds).tensors().get(place).shape(), tensor.shape());
        CheckpointException e = assertThrows(
                CheckpointException.class, () -> Checkpoint.load(kinds).at(place + ".no"));
        assertTrue(e.getMessage().startsWith("the checkpoint has no '" + place + ".no'"), e.getMessage());
    }

    /** An optimizer's state, which people take for a state dict. */
    @Test
    void anOptimizersState() {
        Checkpoint state = Checkpoint.load(Recorded.file("kinds/optimizer_and_scheduler.pt"))
                .at("opt");
        assertEquals(
                "the checkpoint is not a state dict: none of its 2 entries is a tensor. It is the state of an optimizer:"
                        + " pass the result of optimizerState(key) to its loadStateDict",
                assertThrows(CheckpointException.class, state::stateDict).getMessage());
    }

    /** Tensors in sets are tensors, and are listed. */
    @Test
    void setsOfTensors() {
        Path sets = Recorded.file("kinds/frozen_tensors.pt");
        Checkpoint checkpoint = Checkpoint.load(sets);
        assertEquals(5, checkpoint.tensors().size());
        assertEquals(
                checkpoint.tensors().keySet(), Checkpoint.open(sets).tensors().keySet());
        for (Object member : (FrozenSet) checkpoint.at("f").root()) {
            Object tensor = member instanceof FrozenSet inner ? inner.iterator().next() : member;
            assertInstanceOf(Tensor.class, tensor);
        }
    }

    /** Everything that Python would call is listed by check, wherever its result is: in a module, in a state, or nowhere. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cposix\\nsystem\\n(S'touch x'\\ntR0N. | posix.system", // dropped
                "}S'a'\\ncposix\\nsystem\\n(S'touch x'\\ntRsS'a'\\nNs. | posix.system", // overwritten
                "cposix\\nsystem\\n(S'touch x'\\ntR}(S'_parameters'\\n}S'_buffers'\\n}S'_modules'\\n}ub. | posix.system",
                "ccollections\\ndefaultdict\\n(cposix\\nsystem\\ntR. | posix.system",
                "\u0080\u0004\u008c\u0017torch.nn.modules.module\u008c\u000ftorch.os.system\u0093)R0N."
                        + " | torch.nn.modules.module:torch.os.system",
                "c__builtin__\\ngetattr\\n(ctorch.nn.modules.module\\ntorch\\nS'os'\\ntR0N. | builtins.getattr"
            })
    void whatPythonWouldCall(String pickle, String name) throws IOException {
        Path file = folder.resolve("call.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("call/data.pkl"));
            zip.write(pickle.strip().replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        UnknownClassException e = assertThrows(UnknownClassException.class, () -> Checkpoint.check(file, o -> {}));
        assertTrue(e.classes().containsKey(name), e.getMessage());
        assertEquals(0, Checkpoint.check(file, LoadOptions::allowUnknownClasses).tensors());
    }

    /** A value that consists only of unknown objects is refused on loading, by every method. */
    @ParameterizedTest
    @ValueSource(strings = {"os_system.pt", "eval.pt"})
    void unknownAlone(String name) {
        Path hostile = Recorded.file("hostile/" + name);
        UnknownClassException e = assertThrows(UnknownClassException.class, () -> Checkpoint.load(hostile));
        assertTrue(e.getMessage().startsWith(hostile.toString()), e.getMessage());
        assertThrows(UnknownClassException.class, () -> Checkpoint.open(hostile));
        assertThrows(UnknownClassException.class, () -> Checkpoint.check(hostile, o -> {}));
    }
}
