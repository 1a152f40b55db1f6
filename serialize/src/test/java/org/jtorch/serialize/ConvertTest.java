package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.python.OrderedDict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From any format to any other: the same tensors, under the names and of the dtype that were asked for. */
class ConvertTest {

    @TempDir
    Path folder;

    private static void assertSame(StateDict expected, StateDict actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((key, tensor) -> {
            Tensor other = actual.get(key);
            assertEquals(tensor.dtype(), other.dtype(), key);
            assertArrayEquals(tensor.shape(), other.shape(), key);
            assertEquals(Recorded.sha256(tensor), Recorded.sha256(other), key);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "state_dict_legacy.pt",
                "torchscript.pt",
                "whole_model.pt",
                "recompressed.pt",
                "model.safetensors",
                "sharded/model.safetensors.index.json",
                "more/sharded_bin/pytorch_model.bin.index.json",
                "more/big_endian.pt",
                "more/legacy_views.pt",
                "views.pt"
            })
    void thereAndBack(String name) {
        // the safetensors format has no names for these
        Consumer<LoadOptions> load = l -> l.keys(key -> !key.equals("complex128") && !key.equals("complex32"));
        StateDict original = Checkpoint.load(Recorded.file(name), load).stateDict();
        // strings and numbers other than tensors are left out; no file here needs them
        Path safetensors = Checkpoint.convert(Recorded.file(name), folder.resolve("a.safetensors"), o -> o.onlyTensors()
                .load(load));
        assertSame(original, Checkpoint.load(safetensors).stateDict());
        assertEquals(CheckpointFormat.SAFETENSORS, Checkpoint.open(safetensors).format());
        Path torch = Checkpoint.convert(safetensors, folder.resolve("b.pt"));
        assertEquals(CheckpointFormat.TORCH, Checkpoint.open(torch).format());
        assertSame(original, Checkpoint.load(torch).stateDict());
        Path direct = Checkpoint.convert(Recorded.file(name), folder.resolve("c.pth"), o -> o.load(load));
        assertSame(original, Checkpoint.load(direct).stateDict());
    }

    /** Into its own format a file goes to the byte: sparse tensors, conjugate and negative views, those of the meta device. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "training.pt",
                "dtypes.pt",
                "views.pt",
                "parameters.pt",
                "sparse.pt",
                "more/sparse_more.pt",
                "more/meta.pt"
            })
    void sameFile(String name) throws IOException {
        Path from = Recorded.file(name);
        Path to = Checkpoint.convert(from, folder.resolve(from.getFileName()));
        assertArrayEquals(RawZip.withoutId(Files.readAllBytes(from)), RawZip.withoutId(Files.readAllBytes(to)));
    }

    @Test
    void dtypeOfSparseAndMetaTensors() {
        Path from = folder.resolve("a.pt");
        Tensor coo = Torch.eye(3).toSparse();
        Tensor csr = Torch.sparseCsrTensor(Torch.arange(4), Torch.arange(3), Torch.ones(3), new long[] {3, 3});
        Tensor meta =
                Torch.empty(new long[] {2, 3}, TensorOptions.of(DType.FLOAT32).device(Device.META));
        Checkpoint.save(from, Map.of("coo", coo, "csr", csr, "meta", meta, "p", new Parameter(coo)));
        StateDict state = Checkpoint.load(
                        Checkpoint.convert(from, folder.resolve("b.pt"), o -> o.dtype(DType.BFLOAT16)))
                .stateDict();
        for (String key : List.of("coo", "csr", "p")) {
            assertEquals(DType.BFLOAT16, state.get(key).dtype());
            assertTrue(Torch.eye(3).equal(state.get(key).toDense().to(DType.FLOAT32)), key);
        }
        assertEquals(Layout.SPARSE_CSR, state.get("csr").layout());
        assertTrue(state.get("p") instanceof Parameter);
        assertEquals(DType.BFLOAT16, state.get("meta").dtype());
        assertArrayEquals(new long[] {2, 3}, state.get("meta").shape());
    }

    /** The recorded ones, and such as lie row-major, of which no step makes a copy by itself. */
    static Stream<Path> lazyViews() throws IOException {
        Path file = Files.createTempFile("lazy", ".pt");
        file.toFile().deleteOnExit();
        Tensor negative = (Tensor)
                Operator.find("aten::_neg_view", "").call(Torch.randn(3, 4)).get(0);
        Checkpoint.save(
                file,
                Map.of(
                        "neg",
                        negative,
                        "conj",
                        Torch.complex(Torch.randn(3), Torch.randn(3)).conj()));
        return Stream.of(Recorded.file("more/conj_neg.pt"), file);
    }

    @ParameterizedTest
    @MethodSource("lazyViews")
    void conjugateAndNegativeViews(Path from) {
        StateDict original = Checkpoint.load(from).stateDict();
        StateDict torch = Checkpoint.load(Checkpoint.convert(from, folder.resolve("b.pt")))
                .stateDict();
        assertSame(original, torch);
        original.forEach((key, tensor) -> {
            assertEquals(tensor.isConj(), torch.get(key).isConj(), key);
            assertEquals(tensor.isNeg(), torch.get(key).isNeg(), key);
        });
        // the format has nothing that waits
        StateDict resolved = Checkpoint.load(Checkpoint.convert(from, folder.resolve("b.safetensors")))
                .stateDict();
        assertSame(original, resolved);
        resolved.forEach((key, tensor) -> assertFalse(tensor.isConj() || tensor.isNeg(), key));
    }

    @Test
    void metadataAndParametersAndStridesStay() {
        Path from = folder.resolve("a.pt");
        Tensor base = Torch.randn(6, 4);
        OrderedDict dict = new OrderedDict();
        dict.put("turned", base.t());
        dict.put("row", base.select(0, 3));
        dict.put("weight", new Parameter(Torch.randn(3)));
        dict.put("frozen", new Parameter(Torch.randn(3), false));
        dict.put("steps", 7L);
        dict.attributes().put("_metadata", new OrderedDict(Map.of("", Map.of("version", 2L))));
        Checkpoint.save(from, dict);
        Checkpoint checkpoint = Checkpoint.load(Checkpoint.convert(from, folder.resolve("b.pt")));
        Map<?, ?> root = (Map<?, ?>) checkpoint.root();
        assertEquals(7L, root.get("steps"));
        assertTrue(((Parameter) root.get("weight")).requiresGrad());
        assertFalse(((Parameter) root.get("frozen")).requiresGrad());
        StateDict state = checkpoint.stateDict();
        assertEquals(2L, state.metadata().get("").get("version"));
        assertArrayEquals(new long[] {1, 4}, state.get("turned").strides());
        assertEquals(Recorded.storageId(state.get("turned")), Recorded.storageId(state.get("row")));
        assertSame(Checkpoint.load(from).stateDict(), state);
    }

    @Test
    void dtype() {
        Path from = folder.resolve("a.pt");
        Tensor base = Torch.randn(40, 30);
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("f", base);
        value.put("turned", base.t());
        value.put("half", Torch.randn(5).to(DType.FLOAT16));
        value.put("i", Torch.arange(5));
        Checkpoint.save(from, value);
        for (String name : List.of("b.safetensors", "b.pt")) {
            Path to = Checkpoint.convert(from, folder.resolve(name), o -> o.dtype(DType.BFLOAT16));
            StateDict state = Checkpoint.load(to).stateDict();
            assertEquals(DType.INT64, state.get("i").dtype());
            assertEquals(DType.BFLOAT16, state.get("half").dtype());
            assertTrue(base.to(DType.BFLOAT16).equal(state.get("f")), name);
            assertTrue(base.to(DType.BFLOAT16).t().equal(state.get("turned")), name);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Checkpoint.convert(from, folder.resolve("c.pt"), o -> o.dtype(DType.INT8)));
    }

    /** Larger than a piece: rows are cut, and so is a single row. */
    @Test
    void piecesJoin() {
        Path from = folder.resolve("a.pt");
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("wide", Torch.randn(3, 3_000_001));
        value.put("turned", Torch.randn(5_000_000, 2).t());
        value.put("spread", Torch.randn(4, 1).expand(4, 1_500_000));
        value.put("long", Torch.randn(9_000_001));
        Checkpoint.save(from, value);
        StateDict original = Checkpoint.load(from).stateDict();
        assertSame(
                original,
                Checkpoint.load(Checkpoint.convert(from, folder.resolve("b.safetensors")))
                        .stateDict());
        StateDict half = Checkpoint.load(Checkpoint.convert(from, folder.resolve("c.pt"), o -> o.dtype(DType.FLOAT16)))
                .stateDict();
        original.forEach((key, tensor) -> assertTrue(tensor.to(DType.FLOAT16).equal(half.get(key)), key));
    }

    private Set<String> keys(Path from, Consumer<ConvertOptions> options) {
        Path to = Checkpoint.convert(from, folder.resolve("renamed.safetensors"), options);
        Set<String> keys = Checkpoint.load(to).stateDict().keySet();
        Path torch = Checkpoint.convert(from, folder.resolve("renamed.pt"), options);
        assertEquals(keys, Checkpoint.load(torch).stateDict().keySet());
        return keys;
    }

    @Test
    void names() {
        Map<String, Object> value = new LinkedHashMap<>();
        for (String key : List.of(
                "module.layers.0.attn.w", "module.layers.10.attn.w", "module.layers.0.attn_norm.w", "module.head.w")) {
            value.put(key, Torch.ones(2));
        }
        Path from = folder.resolve("a.pt");
        Checkpoint.save(from, value);
        assertEquals(
                Set.of("blocks.0.attention.w", "blocks.10.attention.w", "layers.0.attn_norm.w", "fc.w"),
                keys(from, o -> o.stripPrefix("module.")
                        .rename("layers.*.attn", "blocks.*.attention")
                        .rename("head", "fc")));
        refused("no key begins with 'model.'", from, o -> o.stripPrefix("model."));
        refused("no key is renamed by tail=fc", from, o -> o.rename("tail", "fc"));
        refused("both", from, o -> o.rename("module.layers.*", "module.layers"));
        assertThrows(IllegalArgumentException.class, () -> keys(from, o -> o.rename("a", "b.*")));
    }

    private void refused(String part, Path from, Consumer<ConvertOptions> options) {
        Path to = folder.resolve("refused.safetensors");
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.convert(from, to, options));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertTrue(Files.notExists(to));
    }

    @Test
    void whatSafetensorsCannotHold() {
        Path from = folder.resolve("a.pt");
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("w", Torch.ones(2));
        value.put("epoch", 3L);
        value.put("optimizer", Map.of("state", Map.of(0L, Torch.ones(2))));
        Checkpoint.save(from, value);
        refused("'epoch' is an int, but a safetensors file can only contain tensors", from, o -> {});
        assertEquals(Set.of("w"), keys(from, ConvertOptions::onlyTensors));
        refused("has no 'model'; it has 'w', 'epoch', 'optimizer'", from, o -> o.at("model"));
        Checkpoint.save(from, Map.of("model", Map.of("v", Torch.ones(2)), "epoch", 3L));
        assertEquals(Set.of("v"), keys(from, o -> o.at("model")));
        Checkpoint.save(from, Map.of("model", Map.of("v", Torch.ones(2))));
        refused("contain tensors: take what is at 'model' (--at model)", from, o -> {});
        refused(
                "tensor 'coo' is of layout torch.sparse_coo, which the safetensors format cannot represent: write a .pt file",
                Recorded.file("sparse.pt"),
                o -> o.load(l -> l.keys("coo"::equals)));
        Checkpoint.save(
                from,
                Map.of(
                        "m",
                        Torch.empty(
                                new long[] {2}, TensorOptions.of(DType.FLOAT32).device(Device.META))));
        refused("tensor 'm' is on the meta device, and has no elements", from, o -> {});
    }

    @Test
    void tied() {
        Path from = folder.resolve("a.pt");
        Tensor shared = Torch.randn(4, 3);
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("embed", shared);
        value.put("head", shared.detach());
        value.put("part", shared.narrow(0, 0, 2));
        Checkpoint.save(from, value);
        StateDict original = Checkpoint.load(from).stateDict();
        Path copies = Checkpoint.convert(from, folder.resolve("copies.safetensors"));
        assertSame(original, Checkpoint.load(copies).stateDict());
        Path once = Checkpoint.convert(from, folder.resolve("once.safetensors"), ConvertOptions::sharedOnce);
        Checkpoint loaded = Checkpoint.load(once);
        assertEquals(Set.of("embed", "part"), loaded.stateDict().keySet());
        assertEquals(Map.of("format", "pt", "head", "embed"), loaded.header());
        StateDict again = Checkpoint.load(Checkpoint.convert(once, folder.resolve("b.pt")))
                .stateDict();
        assertEquals(Recorded.storageId(again.get("embed")), Recorded.storageId(again.get("head")));
        assertNotEquals(Recorded.storageId(again.get("embed")), Recorded.storageId(again.get("part")));
        assertSame(original, again.filter(key -> true));
    }

    @Test
    void ontoItself() throws IOException {
        Path file = folder.resolve("a.pt");
        Files.copy(Recorded.file("state_dict.pt"), file);
        StateDict original = Checkpoint.load(file).stateDict();
        Checkpoint.convert(file, file, o -> o.dtype(DType.FLOAT64));
        StateDict state = Checkpoint.load(file).stateDict();
        original.forEach((key, tensor) -> assertTrue(
                tensor.dtype().isFloatingPoint()
                        ? tensor.to(DType.FLOAT64).equal(state.get(key))
                        : tensor.equal(state.get(key)),
                key));
    }

    @Test
    void progress() {
        for (String name : List.of("a.safetensors", "a.pt")) {
            List<Long> done = new ArrayList<>();
            List<Long> totals = new ArrayList<>();
            Checkpoint.convert(
                    Recorded.file("state_dict.pt"),
                    folder.resolve(name),
                    o -> o.progress((key, at, total) -> {
                        done.add(at);
                        totals.add(total);
                    }));
            assertEquals(1, Set.copyOf(totals).size());
            assertEquals(13, done.size());
            assertEquals(0, done.get(0));
            assertEquals(totals.get(0), done.get(12));
            assertEquals(done.stream().sorted().toList(), done);
        }
    }

    /** A single large tensor is not one step. */
    @Test
    void progressInsideOfATensor() {
        Path from = folder.resolve("large.pt");
        Checkpoint.save(from, Map.of("model", Map.of("w", Torch.zeros(1 << 25))));
        for (String name : List.of("b.safetensors", "b.pt")) {
            List<String> told = new ArrayList<>();
            Checkpoint.convert(from, folder.resolve(name), o -> o.at("model")
                    .progress((key, at, total) -> told.add(key + " " + (at >> 24) + "/" + (total >> 24))));
            assertEquals(
                    List.of("w 0/8", "w 1/8", "w 2/8", "w 3/8", "w 4/8", "w 5/8", "w 6/8", "w 7/8", "w 8/8", " 8/8"),
                    told);
        }
    }

    @Test
    void badArguments() {
        Path from = Recorded.file("state_dict.pt");
        IllegalArgumentException name =
                assertThrows(IllegalArgumentException.class, () -> Checkpoint.convert(from, folder.resolve("a.txt")));
        assertTrue(
                name.getMessage().contains("a.txt: the ending of the name determines the format"), name.getMessage());
        IllegalArgumentException shards = assertThrows(
                IllegalArgumentException.class,
                () -> Checkpoint.convert(from, folder.resolve("a.pt"), o -> o.maxShardSize(100)));
        assertTrue(shards.getMessage().contains("only safetensors files are sharded"), shards.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Checkpoint.convert(from, folder.resolve("a.safetensors"), o -> o.maxShardSize(0)));
        CheckpointException missing = assertThrows(
                CheckpointException.class, () -> Checkpoint.convert(folder.resolve("no.pt"), folder.resolve("a.pt")));
        assertTrue(missing.getMessage().contains("no.pt: no such file"), missing.getMessage());
    }
}
