package org.jtorch.internal.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Formats a table as plain text. Columns are as wide as their widest cell; words are aligned to the left and numbers to the
 * right.
 */
public final class TextTable {

    private record Column(String header, boolean right) {}

    private static final String GAP = "  ";

    private final List<Column> columns = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    /** Adds a column of words. */
    public TextTable words(String header) {
        columns.add(new Column(header, false));
        return this;
    }

    /** Adds a column of numbers. */
    public TextTable numbers(String header) {
        columns.add(new Column(header, true));
        return this;
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if there are not as many cells as columns
     */
    public TextTable row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(PythonText::printable).toArray(String[]::new));
        return this;
    }

    /** Returns the headers, a rule, and the rows. No line has trailing spaces. */
    @Override
    public String toString() {
        int[] widths = new int[columns.size()];
        String[] headers = columns.stream().map(Column::header).toArray(String[]::new);
        List<String[]> all = new ArrayList<>(rows);
        all.add(headers);
        for (String[] row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(headers, widths));
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        lines.add(String.join(GAP, rule));
        rows.forEach(row -> lines.add(line(row, widths)));
        return String.join("\n", lines);
    }

    private String line(String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String padding = " ".repeat(widths[i] - cells[i].length());
            boolean right = columns.get(i).right();
            line.append(i == 0 ? "" : GAP).append(right ? padding : cells[i]).append(right ? cells[i] : padding);
        }
        return line.toString().stripTrailing();
    }

    /** Returns a count with separators of thousands: {@code 1,234,567}. */
    public static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Returns a count with a noun: {@code 1 tensor}, {@code 2,000 tensors}. */
    public static String count(long n, String noun) {
        return count(n) + " " + noun + (n == 1 ? "" : "s");
    }

    /** Returns a size in bytes, in the greatest unit in which it is at least one: {@code 512 B}, {@code 1.5 MiB}. */
    public static String bytes(long n) {
        String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = n;
        int unit = -1;
        while (Math.abs(value) >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit < 0 ? n + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
