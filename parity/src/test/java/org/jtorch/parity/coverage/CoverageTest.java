package org.jtorch.parity.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jtorch.nn.spec.ModuleSpec;
import org.junit.jupiter.api.Test;

/** Compares {@code docs/coverage.md} with PyTorch's names and with the classes. */
class CoverageTest {

    private static final Path FILE = Path.of("..", "docs", "coverage.md");

    private final JavaNames names = new JavaNames();
    private final Map<String, Remarks.Remark> remarks = Remarks.read();
    private final CoverageTable table = new CoverageTable(names, remarks);

    private final Map<String, TorchApi.Row> rows =
            TorchApi.rows().stream().collect(Collectors.toMap(TorchApi.Row::path, row -> row));

    @Test
    void theFileIsWhatTheClassesSay() throws IOException {
        String wanted = table.markdown();
        if (System.getProperty("jtorch.write") != null) {
            Files.writeString(FILE, wanted);
        }
        List<String> lines = Files.exists(FILE) ? Files.readAllLines(FILE) : List.of();
        Set<String> stale = new LinkedHashSet<>(lines);
        wanted.lines().toList().forEach(stale::remove);
        Set<String> lacking = new LinkedHashSet<>(wanted.lines().toList());
        lines.forEach(lacking::remove);
        String remedy = "docs/coverage.md does not fit the code; to write it anew: " + CoverageTable.COMMAND;
        assertEquals(Set.of(), lacking, remedy + "\nit lacks");
        assertEquals(Set.of(), stale, remedy + "\nit should not have");
        assertEquals(wanted.lines().toList(), lines, remedy + "\nthe order is");
    }

    @Test
    void whatIsAbsentHasAReason() {
        List<String> silent = rows.values().stream()
                .filter(row -> table.java(row) == null && table.remark(row).isEmpty())
                .map(TorchApi.Row::path)
                .sorted()
                .toList();
        assertEquals(List.of(), silent, "neither a Java name nor a reason in remarks.tsv");
    }

    @Test
    void everyRemarkIsOfPyTorchAndTrue() {
        List<String> wrong = new ArrayList<>();
        remarks.forEach((path, remark) -> {
            TorchApi.Row row = rows.get(path);
            if (row == null) {
                wrong.add(path + ": PyTorch has no such name");
                return;
            }
            List<String> found = names.byRule(row);
            String java = remark.java();
            if (java.equals(Remarks.ABSENT)) {
                if (!found.isEmpty()) {
                    wrong.add(path + ": said to be absent, but there is " + found);
                }
                if (remark.text().isEmpty()) {
                    wrong.add(path + ": absent without a reason");
                }
            } else if (java.isEmpty()) {
                if (remark.text().isEmpty()) {
                    wrong.add(path + ": says nothing");
                }
                if (found.isEmpty()) {
                    wrong.add(path + ": nothing is named so; give the Java name, or a dash");
                }
            } else if (!names.exists(java)) {
                wrong.add(path + ": there is no " + java);
            } else if (found.equals(List.of(java))) {
                wrong.add(path + ": " + java + " is its name by the rule, leave it out");
            }
        });
        assertEquals(List.of(), wrong, "remarks.tsv");
    }

    /** Checks what the first test assumes. */
    @Test
    void namesAreFoundByTheRule() {
        assertEquals("convTranspose1d", JavaNames.camelCase("conv_transpose1d"));
        assertEquals("requiresGrad_", JavaNames.camelCase("requires_grad_"));
        assertEquals("conv.Conv2d", table.java(row("nn.Conv2d")));
        assertEquals("functional.F.maxPool1dWithIndices", table.java(row("nn.functional.max_pool1d_with_indices")));
        assertEquals("linear.Identity", table.java(row("nn.Identity")));
        assertEquals("utils.prune.Identity", table.java(row("nn.utils.prune.Identity")));
        assertTrue(names.exists("Module.forward"));
        assertFalse(names.exists("Module.fly"));
        assertFalse(names.exists("functional.Fly"));
        assertFalse(names.exists(""));
    }

    private TorchApi.Row row(String path) {
        TorchApi.Row row = rows.get(path);
        assertNotNull(row, path);
        return row;
    }

    /** Only Module is abstract, because it exists to be extended. */
    @Test
    void moduleSpecKnowsEveryModule() {
        Set<String> missing = new TreeSet<>();
        for (TorchApi.Row row : TorchApi.rows(TorchApi.Part.MODULES)) {
            if (row.note().isEmpty() && !ModuleSpec.names().contains(row.name())) {
                missing.add(row.name());
            }
        }
        assertEquals(Set.of("Module"), missing);
    }
}
