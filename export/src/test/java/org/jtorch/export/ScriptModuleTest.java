package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Substitution;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptModuleTest {

    private static final Path FOLDER = ScriptReplayTest.FOLDER;

    @TempDir
    Path folder;

    private static ScriptModule<Inputs, Object> load(String name) {
        return ScriptModule.load(FOLDER.resolve(name + ".pt"));
    }

    private static ScriptModule<Tensor, Tensor> plain(String name) {
        return load(name).module(Tensor.class, Tensor.class);
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertTrue(expected.allclose(actual, 1e-4, 1e-6), () -> expected + " but was " + actual);
    }

    // --- types -------------------------------------------------------------------------------------------------

    record Heads(Tensor cls, Tensor box) {}

    record Arguments(List<Tensor> xs, Map<String, Tensor> named, List<Object> pair, List<Long> sizes, Tensor mask) {}

    record Total(Tensor total) {}

    @Test
    void inputsAndOutputsCanBeTyped() {
        Heads heads = load("submodules").module(Tensor.class, Heads.class).call(Torch.ones(2, 1, 8, 8));
        assertArrayEquals(new long[] {2, 3}, heads.cls().shape());
        assertArrayEquals(new long[] {2, 2}, heads.box().shape());
        Tensor x = Torch.ones(3);
        Total total = load("containers")
                .module(Arguments.class, Total.class)
                .call(new Arguments(List.of(x, x), Map.of(), List.of(x, 2), List.of(3L, 1L), Torch.zeros(3)));
        assertClose(Torch.zeros(3, 1), total.total());
    }

    @Test
    void typesOfOneScriptShareItsState() {
        ScriptModule<Inputs, Object> script = load("methods");
        ScriptModule<Tensor, Tensor> typed = script.module(Tensor.class, Tensor.class);
        assertSame(script.getParameter("enc.weight"), typed.getParameter("enc.weight"));
        assertEquals(2L, script.call("bump", 2));
        assertEquals(2L, typed.attribute("calls"));
    }

    // --- state -------------------------------------------------------------------------------------------------

    @Test
    void trainingChangesWhatTheScriptComputes() {
        ScriptModule<Tensor, Tensor> model = plain("methods");
        Tensor x = Torch.randn(4, 6);
        Parameter weight = model.getParameter("dec.weight");
        double before = model.call(x).pow(2).mean().item();
        for (int i = 0; i < 20; i++) {
            model.zeroGrad();
            model.call(x).pow(2).mean().backward();
            try (GradMode off = Autograd.noGrad()) {
                model.parameters().forEach(p -> p.sub_(assertNotNullGrad(p).mul(0.1)));
            }
        }
        assertTrue(model.call(x).pow(2).mean().item() < 0.9 * before);
        assertSame(weight, model.getParameter("dec.weight"));
    }

    private static Tensor assertNotNullGrad(Parameter parameter) {
        Tensor grad = parameter.grad();
        assertNotNull(grad);
        return grad;
    }

    @Test
    void aLoadedStateChangesWhatTheScriptComputesAndKeepsTheObjects() {
        ScriptModule<Tensor, Tensor> model = plain("methods");
        ScriptModule<Tensor, Tensor> other = plain("methods");
        Parameter weight = model.getParameter("enc.weight");
        try (GradMode off = Autograd.noGrad()) {
            other.parameters().forEach(p -> p.mul_(2));
        }
        Tensor x = Torch.randn(3, 6);
        for (boolean assign : new boolean[] {false, true}) {
            ScriptModule<Tensor, Tensor> fresh = assign ? plain("methods") : model;
            fresh.loadStateDict(new StateDict(other.stateDict()), true, assign);
            assertClose(other.call(x), fresh.call(x));
        }
        assertSame(weight, model.getParameter("enc.weight"));
    }

    @Test
    void aReplacedParameterIsUsed() {
        ScriptModule<Tensor, Tensor> model = plain("methods");
        model.getSubmodule("dec").registerParameter("weight", new Parameter(Torch.zeros(6, 3)));
        model.getSubmodule("dec").registerParameter("bias", new Parameter(Torch.full(new long[] {6}, 7.0)));
        assertClose(Torch.full(new long[] {2, 6}, 7.0), model.call(Torch.randn(2, 6)));
    }

    @Test
    void aSubstitutionIsSeenByItsThreadOnly() {
        ScriptModule<Tensor, Tensor> model = plain("methods");
        Tensor x = Torch.randn(2, 6);
        Tensor expected = model.call(x).detach();
        Tensor zero = Torch.zeros(6).requiresGrad_(true);
        try (Substitution s = new Substitution(
                Map.of(model.getParameter("dec.weight"), Torch.zeros(6, 3), model.getParameter("dec.bias"), zero))) {
            Tensor y = model.call(x);
            assertClose(Torch.zeros(2, 6), y.detach());
            y.sum().backward();
        }
        assertClose(Torch.full(new long[] {6}, 2.0), assertGrad(zero));
        assertNull(model.getParameter("dec.bias").grad());
        assertClose(expected, model.call(x).detach());
    }

    private static Tensor assertGrad(Tensor tensor) {
        Tensor grad = tensor.grad();
        assertNotNull(grad);
        return grad;
    }

    @Test
    void aScopeDoesNotFreeTheState() {
        ScriptModule<Tensor, Tensor> model;
        try (TensorScope scope = new TensorScope()) {
            model = plain("buffers");
            model.call(Torch.ones(2, 3));
        }
        assertEquals(1, model.getBuffer("steps").itemLong());
        try (TensorScope scope = new TensorScope();
                GradMode inference = Autograd.inferenceMode()) {
            model.call(Torch.ones(2, 3));
        }
        assertEquals(2, model.getBuffer("steps").itemLong());
        model.call(Torch.ones(2, 3)).sum().backward();
    }

    @Test
    void toConvertsTheScript() {
        ScriptModule<Tensor, Tensor> model = plain("methods");
        Tensor x = Torch.randn(2, 6);
        Tensor expected = model.call(x);
        Parameter weight = model.getParameter("enc.weight");
        model.to(DType.FLOAT64);
        Tensor wide = model.call(x.to(DType.FLOAT64));
        assertEquals(DType.FLOAT64, wide.dtype());
        assertClose(expected.to(DType.FLOAT64), wide.to(DType.FLOAT32).to(DType.FLOAT64));
        assertSame(weight, model.getParameter("enc.weight"));
        wide.sum().backward();
        assertEquals(DType.FLOAT64, assertNotNullGrad(weight).dtype());
        model.to(Device.CPU);
        assertEquals(DType.FLOAT64, model.call(x.to(DType.FLOAT64)).dtype());
    }

    @Test
    void aListOfWeightsFollowsTheWeights() {
        ScriptModule<Inputs, Object> model = load("lstm");
        model.to(DType.FLOAT64);
        Tensor y = (Tensor) ((List<?>) model.call(Inputs.of(Torch.tensor(new long[][] {{1, 2, 3}})))).get(0);
        assertEquals(DType.FLOAT64, y.dtype());
        y.sum().backward();
        assertNotNullGrad(model.getParameter("lstm.weight_hh_l1_reverse"));
    }

    @Test
    void tiedParametersAreOne() {
        ScriptModule<Inputs, Object> model = load("tied");
        assertSame(model.getParameter("emb.weight"), model.getParameter("out.weight"));
        assertEquals(1, model.parameters().size());
    }

    @Test
    void trainAndEvalReachTheScript() {
        ScriptModule<Tensor, Tensor> model = plain("buffers");
        Tensor x = Torch.ones(2, 3);
        model.call(x);
        assertEquals(1, model.getBuffer("steps").itemLong());
        Tensor mean = model.getBuffer("mean");
        assertClose(Torch.full(new long[] {3}, 0.1), mean);
        model.infer(x);
        assertEquals(1, model.getBuffer("steps").itemLong());
        assertTrue(model.isTraining());
        model.call(x);
        assertEquals(2, model.getBuffer("steps").itemLong());
        assertSame(mean, model.getBuffer("mean"));
        model.eval();
        model.call(x);
        assertEquals(2, model.getBuffer("steps").itemLong());
        assertEquals(false, model.attribute("training"));
    }

    @Test
    void modulesHaveTheirOwnModes() {
        ScriptModule<Inputs, Object> model = load("submodules_training");
        Tensor x = Torch.randn(2, 1, 8, 8);
        Module<?, ?> norm = model.getSubmodule("layers.0.norm");
        norm.eval();
        Tensor before = norm.getBuffer("running_mean").clone();
        Tensor other = model.getBuffer("layers.1.norm.running_mean").clone();
        model.call(Inputs.of(x));
        assertClose(before, norm.getBuffer("running_mean"));
        assertFalse(other.allclose(model.getBuffer("layers.1.norm.running_mean")));
    }

    @Test
    void aModuleBelowCanBeCalled() {
        ScriptModule<?, ?> head = model(load("submodules").getSubmodule("heads.cls"));
        Tensor x = Torch.randn(5, 4);
        Tensor expected = x.matmul(head.getParameter("weight").transpose(0, 1)).add(head.getParameter("bias"));
        assertClose(expected, (Tensor) head.call("forward", x));
    }

    private static ScriptModule<?, ?> model(Module<?, ?> module) {
        return (ScriptModule<?, ?>) module;
    }

    @Test
    void aCopyIsIndependent() {
        ScriptModule<Inputs, Object> model = load("methods");
        model.call("bump", 5);
        ScriptModule<Inputs, Object> copy = Module.deepCopy(model);
        assertEquals(6L, copy.call("bump", 1));
        assertEquals(5L, model.attribute("calls"));
        Tensor x = Torch.randn(2, 6);
        Tensor expected = (Tensor) model.call(Inputs.of(x));
        try (GradMode off = Autograd.noGrad()) {
            copy.parameters().forEach(p -> p.fill_(0));
        }
        assertClose(expected, (Tensor) model.call(Inputs.of(x)));
        assertClose(Torch.zeros(2, 6), (Tensor) copy.call(Inputs.of(x)));
    }

    @Test
    void modulesCannotBeReplaced() {
        ScriptModule<Inputs, Object> model = load("methods");
        assertThrows(IllegalStateException.class, () -> model.registerModule("enc", new Linear(6, 3)));
    }

    // --- methods and attributes --------------------------------------------------------------------------------

    @Test
    void methodsAndAttributes() {
        ScriptModule<Inputs, Object> model = load("methods");
        assertEquals(Set.of("forward", "encode", "decode", "bump", "describe"), model.methods());
        assertEquals(3L, model.attribute("width"));
        assertEquals(0.25, model.attribute("ratio"));
        assertEquals("auto é", model.attribute("label"));
        assertEquals(List.of("a", "b"), model.attribute("names"));
        assertEquals(Map.of("x", 1L, "y", 2L), model.attribute("table"));
        assertEquals(List.of(2L, 3L), model.attribute("shape"));
        model.setAttribute("calls", 40);
        assertEquals(42L, model.call("bump", 2));
        model.setAttribute("table", Map.of("z", 3));
        assertEquals(Map.of("z", 3L), model.attribute("table"));
    }

    @Test
    void wrongNamesAndArgumentsAreRefused() {
        ScriptModule<Inputs, Object> model = load("methods");
        Tensor x = Torch.randn(2, 6);
        refused(() -> model.call("missing", x), "has no method 'missing'; it has [");
        refused(
                () -> model.call("encode", x, 1, 2),
                "encode takes 2 arguments [x: Tensor, times: int = …], but was given 3");
        refused(() -> model.call("encode"), "encode lacks the argument 'x'");
        refused(() -> model.call("encode", Inputs.of(x).with("time", 2)), "encode has no argument 'time'");
        refused(() -> model.call("encode", Inputs.of(x).with("x", x)), "by position and by name");
        refused(() -> model.call("encode", x, 1.5), "argument 'times' of encode is of type int, but was given 1.5");
        refused(() -> model.call("encode", 3), "argument 'x' of encode is of type Tensor, but was given 3");
        refused(() -> model.call("encode", x, null), "argument 'times' of encode is of type int, but was given null");
        refused(() -> model.attribute("nothing"), "has no attribute 'nothing'");
        refused(() -> model.setAttribute("width", "wide"), "attribute 'width' is of type int, but was given a String");
        refused(() -> model.setAttribute("training", true), "train()");
        refused(() -> model.setAttribute("enc", x), "has no attribute 'enc'");
        ScriptModule<Inputs, Object> containers = load("containers");
        refused(
                () -> containers.call("nested", List.of(List.of(1, "x")), Map.of()),
                "argument 'x' of nested[0][1] is of type int, but was given a String");
        refused(() -> containers.call("nested", List.of(), Map.of("k", List.of())), "a key of argument 'y' of nested");
        refused(() -> containers.call("named_tuple", Map.of("left", x)), "must have the keys [left, count]");
    }

    private static void refused(Executable code, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, code);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void aFailureInTheScriptSaysWhy() {
        ScriptModule<Inputs, Object> model = load("methods");
        ExportException e = assertThrows(ExportException.class, () -> model.call("decode", Torch.ones(2, 4)));
        assertTrue(
                e.getMessage().startsWith("decode failed: mat1 and mat2 shapes cannot be multiplied"), e.getMessage());
        assertFalse(e.getMessage().contains(".cpp"), e.getMessage());
    }

    // --- threads -----------------------------------------------------------------------------------------------

    @Test
    void threadsCallOneModule() throws Exception {
        ScriptModule<Tensor, Tensor> model = plain("traced_conv");
        ScriptModule<Inputs, Object> counting = load("methods");
        Tensor x = Torch.randn(2, 3, 16, 16);
        Tensor expected = model.infer(x).clone();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean infer = i % 2 == 0;
                tasks.add(() -> {
                    boolean equal = true;
                    for (int n = 0; n < 20; n++) {
                        equal &= (infer ? model.infer(x) : model.call(x).detach()).allclose(expected);
                        counting.call("bump", 1);
                    }
                    return equal;
                });
            }
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertTrue(result.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(160L, counting.attribute("calls"));
    }

    // --- bad files ---------------------------------------------------------------------------------------------

    private static void refusedFile(Path file, String message) {
        ExportException e = assertThrows(ExportException.class, () -> ScriptModule.load(file));
        assertTrue(
                e.getMessage().contains(message)
                        && e.getMessage().contains(file.getFileName().toString()),
                e.getMessage());
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        refusedFile(folder.resolve("missing.pt"), "no such file");
        Path checkpoint = folder.resolve("checkpoint.pt");
        Checkpoint.save(checkpoint, Map.of("x", Torch.ones(2)));
        refusedFile(checkpoint, "it is a checkpoint, which Checkpoint.load reads");
        refusedFile(
                Path.of("src/test/resources/graphs/lstm_tagger.pt2"),
                "it is an exported program, which ExportedProgram.load reads");
        Path noise = Files.write(folder.resolve("noise.pt"), new byte[] {1, 2, 3, 4, 5});
        refusedFile(noise, "is not a TorchScript archive");
        refusedFile(Files.write(folder.resolve("empty.pt"), new byte[0]), "empty.pt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"methods", "frozen", "lstm"})
    void truncatedFilesAreRefused(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(FOLDER.resolve(name + ".pt"));
        for (int part = 1; part < 16; part++) {
            Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(bytes, bytes.length * part / 16));
            refusedFile(cut, "damaged");
        }
    }

    /** Copies an archive with other contents. */
    private Path changed(String name, UnaryOperator<String> code, UnaryOperator<byte[]> data) throws IOException {
        Path file = folder.resolve("changed.pt");
        try (ZipFile old = new ZipFile(FOLDER.resolve(name + ".pt").toFile());
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Enumeration<? extends ZipEntry> entries = old.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                byte[] bytes = old.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith(".py")) {
                    bytes = code.apply(new String(bytes, StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8);
                } else if (entry.getName().matches(".*/(data|constants)/\\d+")) {
                    bytes = data.apply(bytes);
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setMethod(ZipEntry.STORED);
                copy.setSize(bytes.length);
                CRC32 crc = new CRC32();
                crc.update(bytes);
                copy.setCrc(crc.getValue());
                zip.putNextEntry(copy);
                zip.write(bytes);
                zip.closeEntry();
            }
        }
        return file;
    }

    @Test
    void anUnchangedCopyIsRead() throws IOException {
        assertNotNull(ScriptModule.load(changed("methods", code -> code, data -> data)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"methods", "frozen"})
    void tensorsOutsideOfTheFileAreRefused(String name) throws IOException {
        refusedFile(changed(name, code -> code, data -> Arrays.copyOf(data, 2)), "is damaged");
    }

    @Test
    void operatorsThatTheEngineLacksAreNamed() throws IOException {
        refusedFile(
                changed("methods", code -> code.replace("torch.relu(", "torch.relux("), data -> data), "aten::relux");
        refusedFile(
                changed("methods", code -> code.replace("torch.relu(", "ops.torchvision.nms("), data -> data),
                "torchvision::nms");
    }

    @Test
    void codeThatIsNotValidIsRefused() throws IOException {
        refusedFile(changed("methods", code -> code.replace("return", "retrun"), data -> data), "cannot be loaded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.save(x, \"FILE\")",
                "torch . save(x, \"FILE\")",
                "ops.aten.save(x, \"FILE\")",
                "getattr(torch, \"save\")(x, \"FILE\")",
                "getattr( (torch), \"sa\\x76e\")(x, \"FILE\")",
                "torch.from_file(\"FILE\", True, 4)",
                "return torch.from_file(\"FILE\", True, 4)",
                "(torch # comment\n.save)(x, \"FILE\")",
                "return ops.aten.from_file(\"FILE\", True, 4)",
                "ops.c10d.barrier(x)",
                "ops.inductor._reinterpret_tensor(x, [9], [1], 99)"
            })
    void operatorsOnFilesAndProcessesAreRefused(String call) throws IOException {
        Path target = folder.resolve("target");
        String line = call.replace("FILE", target.toString());
        for (String name : List.of("methods", "own_state")) {
            String place =
                    name.equals("methods") ? "times: int=1) -> Tensor:\n" : "Tuple[Tensor, int, bool]) -> NoneType:\n";
            String own = name.equals("methods")
                    ? line
                    : line.replace("x,", "self.n,").replace("(x)", "(self.n)");
            int[] replaced = {0};
            Path file = changed(
                    name,
                    code -> {
                        String changed = code.replace(place, place + "    " + own + "\n");
                        replaced[0] += changed.equals(code) ? 0 : 1;
                        return changed;
                    },
                    data -> data);
            assertEquals(1, replaced[0], name);
            refusedFile(file, "refused");
            assertFalse(Files.exists(target));
        }
    }

    @Test
    void classesOfTheEngineAreRefused() throws IOException {
        refusedFile(
                changed(
                        "methods",
                        code -> code.replace("  width : int", "  width : __torch__.torch.classes.dist_rpc.WorkerInfo"),
                        data -> data),
                "torch.classes.dist_rpc, which is refused");
    }

    @Test
    void noneIsNull() {
        List<?> all = (List<?>) load("methods").call("describe");
        assertNull(all == null ? "" : all.get(6));
    }
}
