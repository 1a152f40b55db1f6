package org.jtorch.parity.coverage;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What cannot be derived from the code, {@code api/remarks.tsv}: names that do not follow the rule, differences, and reasons
 * for absence.
 */
final class Remarks {

    /** The Java name of an absent item. */
    static final String ABSENT = "-";

    /**
     * One row.
     *
     * @param java the Java name; empty if it follows the rule; {@link #ABSENT} if there is none
     * @param text what differs, or why there is none; may be empty
     */
    record Remark(String java, String text) {}

    private Remarks() {}

    /** Returns the rows by PyTorch's dotted names, in the order of the file. */
    static Map<String, Remark> read() {
        Map<String, Remark> remarks = new LinkedHashMap<>();
        TorchApi.text("/api/remarks.tsv").lines().skip(1).forEach(line -> {
            String[] columns = line.split("\t", -1);
            if (columns.length != 3) {
                throw new IllegalArgumentException("remarks.tsv: three columns, tabs between them, not: " + line);
            }
            if (remarks.put(columns[0], new Remark(columns[1], columns[2])) != null) {
                throw new IllegalArgumentException("remarks.tsv has two rows for " + columns[0]);
            }
        });
        return remarks;
    }
}
