package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jtorch.nn.RecordedCases;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/nn-utils.md} against PyTorch's functions and against the classes: a row for each function, and in
 * each row a Java name that exists, or a dash and the reason why there is none.
 */
class NnUtilsDocTest {

    private static final List<String> PACKAGES = List.of(
            "org.jtorch.nn",
            "org.jtorch.nn.init",
            "org.jtorch.nn.utils",
            "org.jtorch.nn.utils.rnn",
            "org.jtorch.nn.utils.parametrize",
            "org.jtorch.nn.utils.parametrizations",
            "org.jtorch.nn.utils.prune");

    private static final Pattern ROW =
            Pattern.compile("\\| `((?:init|utils)\\.[\\w.]+)` \\| (?:`(\\w+)(?:\\.(\\w+))?`|—) \\| (.*)\\|");

    private record Row(String torch, String javaClass, String javaMethod, String remark) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/nn-utils.md"))) {
            if (line.startsWith("| `")) {
                Matcher matcher = ROW.matcher(line);
                assertTrue(matcher.matches(), line);
                rows.add(new Row(
                        matcher.group(1),
                        Optional.ofNullable(matcher.group(2)).orElse(""),
                        Optional.ofNullable(matcher.group(3)).orElse(""),
                        matcher.group(4).strip()));
            }
        }
        return rows;
    }

    /** The functions of PyTorch's modules, as their own lists have them. */
    private static TreeSet<String> functions() throws IOException {
        TreeSet<String> functions = new TreeSet<>();
        lines("init.tsv").forEach(columns -> functions.add("init." + columns[0]));
        lines("utils.tsv").forEach(columns -> functions.add(columns[0] + "." + columns[1]));
        return functions;
    }

    private static List<String[]> lines(String name) throws IOException {
        try (InputStream in = RecordedCases.class.getResourceAsStream("api/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }

    @Test
    void everyFunctionHasOneRow() throws IOException {
        Map<String, Integer> times = new LinkedHashMap<>();
        rows().forEach(row -> times.merge(row.torch(), 1, Integer::sum));
        assertEquals(functions(), new TreeSet<>(times.keySet()));
        times.forEach((name, count) -> assertEquals(1, count, name));
    }

    @Test
    void everyJavaNameExists() throws IOException {
        int named = 0;
        for (Row row : rows()) {
            if (row.javaClass().isEmpty()) {
                assertFalse(row.remark().isEmpty(), row.torch() + " is absent without a reason");
                continue;
            }
            named++;
            Class<?> type = find(row.javaClass());
            assertTrue(Modifier.isPublic(type.getModifiers()), type + " is not public");
            assertTrue(
                    row.javaMethod().isEmpty()
                            || Arrays.stream(type.getMethods())
                                    .anyMatch(m -> m.getName().equals(row.javaMethod())),
                    () -> "there is no method " + row.javaMethod() + " in " + type);
        }
        assertTrue(named > 30, "only " + named + " rows name something");
    }

    private static Class<?> find(String name) {
        for (String in : PACKAGES) {
            try {
                return Class.forName(in + "." + name, false, NnUtilsDocTest.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                // in the next one
                continue;
            }
        }
        return fail("there is no class " + name + " in " + PACKAGES);
    }
}
