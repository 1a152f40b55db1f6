package org.jtorch.parity.coverage;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the table: a row for each of PyTorch's names, with its Java name or the reason for its absence. */
final class CoverageTable {

    /** The command that writes the file again. */
    static final String COMMAND = "mvn -q -B -pl parity -am test -Dtest=CoverageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Djtorch.write";

    private static final String HEAD = """
            # PyTorch's names in Java

            Every public name of `torch.nn`, `torch.nn.functional`, `torch.nn.Module`, `torch.nn.init` and `torch.nn.utils` in
            PyTorch 2.14, and what it is called here. Java names stand below the package `org.jtorch.nn`: `conv.Conv2d` is
            `org.jtorch.nn.conv.Conv2d`, `functional.F.relu` the method `relu` of `org.jtorch.nn.functional.F`. A dash: there is none,
            for the reason given.

            This file is generated from the classes, and a test fails when it does not fit them:
            [CONTRIBUTING](../CONTRIBUTING.md) says how to write it anew. The remarks are in
            `parity/src/test/resources/api/remarks.tsv`.
            """;

    private final JavaNames names;
    private final Map<String, Remarks.Remark> remarks;

    CoverageTable(JavaNames names, Map<String, Remarks.Remark> remarks) {
        this.names = names;
        this.remarks = remarks;
    }

    /** Returns the Java name of a row, or null if there is none. */
    @Nullable
    String java(TorchApi.Row row) {
        Remarks.Remark remark = remarks.get(row.path());
        if (remark != null && !remark.java().isEmpty()) {
            return remark.java().equals(Remarks.ABSENT) ? null : remark.java();
        }
        List<String> found = names.byRule(row);
        if (found.size() > 1) {
            throw new IllegalStateException(row.path() + " may be any of " + found + ": say which in remarks.tsv");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** Returns what differs, or why there is no Java name; empty if there is nothing to say. */
    String remark(TorchApi.Row row) {
        Remarks.Remark remark = remarks.get(row.path());
        if (remark != null && !remark.text().isEmpty()) {
            return remark.text();
        }
        return java(row) == null ? row.note() : "";
    }

    /** Returns the whole file. */
    String markdown() {
        StringBuilder out = new StringBuilder(HEAD);
        for (TorchApi.Part part : TorchApi.Part.values()) {
            List<TorchApi.Row> rows = TorchApi.rows(part);
            long there = rows.stream().filter(row -> java(row) != null).count();
            out.append("\n## ").append(title(part)).append("\n\n").append(introduction(part));
            out.append("\n").append(there).append(" of ").append(rows.size()).append(".\n\n");
            out.append("| PyTorch | jtorch | what differs |\n| --- | --- | --- |\n");
            rows.forEach(row -> out.append(line(row)));
        }
        return out.toString();
    }

    private String line(TorchApi.Row row) {
        String java = java(row);
        String remark = remark(row);
        return "| `" + row.path() + "` | " + (java == null ? "—" : "`" + java + "`") + " |"
                + (remark.isEmpty() ? "" : " " + remark) + " |\n";
    }

    private static String title(TorchApi.Part part) {
        return switch (part) {
            case MODULES -> "torch.nn";
            case FUNCTIONAL -> "torch.nn.functional";
            case MODULE_METHODS -> "torch.nn.Module";
            case INIT -> "torch.nn.init";
            case UTILS -> "torch.nn.utils";
        };
    }

    private static String introduction(TorchApi.Part part) {
        return switch (part) {
            case MODULES -> """
                Arguments that PyTorch requires are positional, in its order; the others are set on an options object. By
                PyTorch's name and arguments all of them, but `Module` itself, are made by `spec.ModuleSpec`. `size_average` and
                `reduce` of losses, which PyTorch gave up, are taken by `ModuleSpec` alone: `reduction` says the same.
                """;
            case FUNCTIONAL -> """
                Each function is there with the arguments that PyTorch requires alone, and with all of them; what is between is
                there where it is common. `size_average` and `reduce` of losses, which PyTorch gave up, are not: `Reduction`
                says the same.
                """;
            case MODULE_METHODS -> """
                And the functions that register hooks of all modules. `Module.deepCopy` is Python's `copy.deepcopy(module)`,
                `toString` its `repr`. More on them: [the module system](modules.md).
                """;
            case INIT -> "More on them: [`nn.init` and `nn.utils`](nn-utils.md).\n";
            case UTILS -> "More on them: [`nn.init` and `nn.utils`](nn-utils.md).\n";
        };
    }
}
