package org.jtorch.opgen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmitterTest {

    private static OpTable table(String... rows) {
        return OpTable.parse(
                "t.ops",
                Stream.concat(Stream.of("interface TOps: Doc of `it`."), Arrays.stream(rows))
                        .toList());
    }

    @Test
    void writesAMethodInFull() {
        String java = Emitter.ops(table("addcmul(Tensor a, Number value) | | `self + value * a`."));
        assertTrue(java.contains("/** Doc of {@code it}. */\npublic sealed interface TOps permits Tensor {"), java);
        assertTrue(java.contains("""
                            /** {@code self + value * a}. Operator: {@code aten::addcmul}. */
                            default Tensor addcmul(Tensor a, Number value) {
                                Tensor self = (Tensor) this;
                                Ops.require(a, "a");
                                Ops.require(value, "value");
                                try {
                                    var in = Ops.in(self);
                                    var in1 = Ops.in(a);
                                    var in2 = Ops.scalar(value);
                                    Modes.apply();
                                    Tensor result = Ops.own(torch.addcmul(in, in1, in2));
                                    if (Taps.on) {
                                        Ops.tap("aten::addcmul", result, self, a, value);
                                    }
                                    return result;
                                } catch (RuntimeException e) {
                                    throw Ops.failure("aten::addcmul", e);
                                }
                            }
                        """), java);
    }

    @Test
    void recordersSeeTheArgumentsInTheOrderOfTheOperator() {
        String java = Emitter.ops(table("where(Tensor condition, Tensor other)"
                + " | nostatic recorded=$1,$0,$2 call=torch.where($1, $0, $2) | ."));
        assertTrue(java.contains("Ops.tap(\"aten::where\", result, condition, self, other);"), java);
    }

    @Test
    void trailingDefaultsGiveOverloads() {
        String java = Emitter.ops(table("sort(long dim = -1, boolean descending = false) | | ."));
        assertTrue(java.contains("default Tensor sort(long dim, boolean descending) {"), java);
        assertTrue(java.contains("default Tensor sort(long dim) {\n        return sort(dim, false);"), java);
        assertTrue(java.contains("default Tensor sort() {\n        return sort(-1, false);"), java);
    }

    @Test
    void aLastArrayIsVarargs() {
        String java = Emitter.ops(table("view(long[] size) | view method | .", "roll(long[] by, long dim = 0) | | ."));
        assertTrue(java.contains("default Tensor view(long... size) {"), java);
        assertTrue(java.contains("Ops.ownView(in.view(size))"), java);
        assertTrue(java.contains("roll(long[] by, long dim)"), java);
        assertTrue(java.contains("roll(long... by)"), java);
    }

    @Test
    void inPlaceOpsReturnThemselves() {
        String java = Emitter.ops(table("relu6() | inplacefn | ."));
        assertTrue(
                java.contains(
                        "            var in = Ops.in(self);\n            Modes.apply();\n            torch.relu6_(in);\n"),
                java);
        assertTrue(
                java.contains("Ops.tap(\"aten::relu6_\", self, self);\n            }\n            return self;"), java);
    }

    @Test
    void tensorListsAreFreed() {
        String java = Emitter.statics(List.of(table("List<Tensor> meshgrid(List<Tensor> tensors) | static view | .")));
        assertTrue(java.contains("try (var tensorsVector = Ops.vector(tensors)) {"), java);
        assertTrue(java.contains("Ops.viewList(torch.meshgrid(tensorsVector))"), java);
    }

    @Test
    void torchHasWhatIsNotInPlace() {
        String java = Emitter.statics(List.of(table("neg() | inplace | .", "item() | nostatic | .")));
        assertTrue(
                java.contains(
                        "public static Tensor neg(Tensor input) {\n        Ops.require(input, \"input\");\n        return input.neg();"),
                java);
        assertFalse(java.contains("neg_("), java);
        assertFalse(java.contains("item("), java);
    }

    @Test
    void factoriesCallWhatHonoursRequiresGrad() {
        String java = Emitter.statics(List.of(table("Tensor randnLike(Tensor input) | factory | .")));
        assertTrue(java.contains("var in1 = Ops.in(input);"), java);
        assertTrue(java.contains("torch.torch_randn_like(in1)"), java);
    }

    @Test
    void writesFilesOnlyWhereTheyChange(@TempDir Path folder) throws IOException {
        Path tables = Files.createDirectory(folder.resolve("ops"));
        Path out = folder.resolve("out");
        Files.writeString(tables.resolve("a.ops"), "interface AOps: a\nneg() | inplace | Minus.\n");
        Files.writeString(tables.resolve("f.ops"), "statics: f\nTensor eye(long n) | factory | One.\n");
        OpGenerator.main(new String[] {tables.toString(), out.toString()});
        Path java = out.resolve("org/jtorch/AOps.java");
        try (Stream<Path> files = Files.list(java.getParent())) {
            assertEquals(
                    List.of("AOps.java", "TorchOps.java"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(java, old);
        OpGenerator.main(new String[] {tables.toString(), out.toString()});
        assertEquals(old, Files.getLastModifiedTime(java));
        Files.writeString(tables.resolve("a.ops"), "interface AOps: a\nabs() | | Size.\n");
        OpGenerator.main(new String[] {tables.toString(), out.toString()});
        assertTrue(Files.readString(java).contains("abs()"));
        Files.writeString(java.resolveSibling("Own.java"), "// not generated\n");
        Files.delete(tables.resolve("a.ops"));
        OpGenerator.main(new String[] {tables.toString(), out.toString()});
        assertFalse(Files.exists(java), "its table is gone");
        assertTrue(Files.exists(java.resolveSibling("Own.java")));
    }
}
